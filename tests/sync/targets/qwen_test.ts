import { qwen } from "../../../src/sync/targets/qwen.ts";
import { assertEquals, assertStringIncludes } from "../../support/assert.ts";
import { fatesIn, item, projected, valuesIn } from "./items.ts";

const settings = "/p/.qwen/settings.json";
const user = { scope: "user" } as const;

Deno.test("qwen writes instructions, rules, skills and commands where others read them, too", () => {
  const { files } = projected(qwen, [
    item.instructions(),
    item.rule("ts", { globs: ["*.ts"] }),
    item.skill("pdf"),
    item.command("fix"),
  ]);
  assertEquals(files.map(({ path }) => path), [
    "/p/AGENTS.md",
    "/p/.agents/skills/pdf",
    "/p/.agents/skills/fix/SKILL.md",
    "/p/.agents/skills/fix/agents/openai.yaml",
  ]);
  const own = projected(qwen, [item.instructions(user)], user);
  assertEquals(own.files, [{ kind: "block", path: "/h/.qwen/QWEN.md", text: "Text." }]);
});

Deno.test("qwen leaves .mcp.json to Qwen Code, but for servers with variables, which it puts in in its settings alone", () => {
  const { files, fates } = projected(qwen, [
    item.stdio("plain"),
    item.remote("web"),
    item.stdio("files", { args: ["${ROOT}"], env: { TOKEN: "${TOKEN}" }, timeoutMs: 5 }),
    item.remote("api", { headers: { Authorization: "Bearer ${TOKEN}" } }),
    item.remote("old", { type: "sse", url: "https://${HOST}/sse" }),
    item.stdio("off", { args: ["${ROOT}"], isEnabled: false }),
  ]);
  assertEquals(valuesIn(files, settings), {
    "/mcpServers/files": { command: "serve", args: ["${ROOT}"], env: { TOKEN: "${TOKEN}" }, timeout: 5 },
    "/mcpServers/api": { httpUrl: "https://mcp.example/x", headers: { Authorization: "Bearer ${TOKEN}" } },
    "/mcpServers/old": { url: "https://${HOST}/sse", headers: {} },
    "/mcp/excluded/-": ["off"],
  });
  assertEquals(fates.map(({ outcome }) => outcome).join(" "), "native native exact exact exact exact");
});

Deno.test("qwen refuses servers that would come out as others, and every secret", () => {
  const { files, fates } = projected(qwen, [
    item.stdio("default", { args: ["${ROOT:-.}"] }),
    item.stdio("replaced", { args: ["$HOME", "${ROOT}"] }),
    item.stdio("secret", { ...user, env: { API_TOKEN: "canary" } }),
    item.remote("socket", { type: "ws" }),
    item.remote("helped", { headersHelper: "token" }),
    item.stdio("private", { scope: "private" }),
  ]);
  assertEquals([files, fatesIn(fates)], [[], Array(5).fill("server refused")]);
  const secret = projected(qwen, [item.stdio("secret", { ...user, env: { API_TOKEN: "canary" } })], user);
  assertEquals([secret.files, fatesIn(secret.fates)], [[], ["server refused"]]);
  const own = projected(qwen, [item.stdio("plain", user)], user);
  assertEquals(Object.keys(valuesIn(own.files, "/h/.qwen/settings.json")), ["/mcpServers/plain"]);
});

Deno.test("qwen denies a command in its spellings, by its path, and behind other words", () => {
  assertEquals(rules("deny", "Bash(curl:*)"), ["Bash(curl *)", "Bash(*/curl *)", "Bash(* curl *)"]);
  assertEquals(rules("deny", "Bash(npm publish)"), ["Bash(npm publish)", "Bash(*/npm publish)", "Bash(* npm publish)"]);
  assertEquals(rules("deny", "Bash(rm -rf:*)").filter((rule) => rule.startsWith("Bash(rm")), [
    "Bash(rm -rf *)",
    "Bash(rm -fr *)",
    "Bash(rm -r -f *)",
    "Bash(rm -f -r *)",
  ]);
  assertEquals(rules("deny", "Bash(* --force)"), ["Bash(* --force)"]);
  assertEquals(rules("ask", "Bash"), ["Bash"]);
});

Deno.test("qwen denies paths at every depth at which Claude Code does, and what is below them", () => {
  assertEquals(rules("deny", "Read(.env)"), [
    "Read(./**/.env)",
    "Read(./**/.env/**)",
    "Edit(./**/.env)",
    "Edit(./**/.env/**)",
  ]);
  assertEquals(rules("ask", "Read(.env)"), ["Read(./**/.env)", "Read(./**/.env/**)"]);
  assertEquals(rules("deny", "Edit(/src/a(b){c}.ts)"), ["Edit(/src/a?b??c?.ts)", "Edit(/src/a?b??c?.ts/**)"]);
  assertEquals(rules("deny", "Edit(~/.ssh/**)"), ["Edit(~/.ssh)", "Edit(~/.ssh/**)"]);
  assertEquals(rules("deny", "Edit(//etc/hosts)"), ["Edit(//etc/hosts)", "Edit(//etc/hosts/**)"]);
  assertEquals(rules("deny", "Edit(/plugins/**)", "user"), ["Edit(~/.claude/plugins)", "Edit(~/.claude/plugins/**)"]);
  assertEquals(rules("deny", "Read"), ["Read", "Edit"]);
});

Deno.test("qwen denies hosts, servers and other tools by the names that they have in Qwen Code", () => {
  assertEquals(rules("deny", "WebFetch(domain:*.evil.example)"), ["WebFetch(domain:evil.example)"]);
  assertEquals(rules("deny", "WebFetch(domain:a*b)"), []);
  assertEquals(rules("deny", "mcp__my_files__write"), ["mcp__my_files__write"]);
  assertEquals(rules("deny", "mcp__*files"), ["mcp__my_files"]);
  assertEquals(rules("deny", "mcp__web*"), ["mcp__web*"]);
  assertEquals(rules("deny", "mcp__web__*_all"), ["mcp__web"]);
  assertEquals(rules("deny", "MultiEdit"), ["edit"]);
  assertEquals(rules("deny", "Agent(x)"), ["Agent(x)"]);
  assertEquals(rules("deny", "Unheard"), []);
});

Deno.test("qwen switches off a skill that is denied, allows nothing, and keeps what is private to itself", () => {
  const { files, fates } = projected(qwen, [
    item.permission("deny", "Skill(pdf)"),
    item.permission("allow", "Bash(ls:*)"),
    item.permission("deny", "Write(x)"),
    item.permission("deny", "Bash", { scope: "private" }),
  ]);
  assertEquals(valuesIn(files, settings), { "/permissions/deny/-": ["Skill(pdf)"], "/skills/disabled/-": ["pdf"] });
  assertEquals(fates.map(({ outcome }) => outcome).join(" "), "exact approximated refused refused");
});

Deno.test("qwen writes a sub-agent with the tools that it has, and one that asks before it edits", () => {
  const { files, fates } = projected(qwen, [
    item.agent("reader", { tools: ["Read", "Bash(git log:*)", "mcp__web__get"], disallowedTools: ["Edit"] }),
    item.agent("planner", { rest: { permissionMode: "plan", maxTurns: 3 } }),
    item.agent("edits", { rest: { permissionMode: "bypassPermissions", memory: "user" } }),
  ]);
  assertEquals(files, [
    {
      kind: "whole",
      path: "/p/.qwen/agents/reader.md",
      text: '---\nname: reader\ndescription: "Does."\napprovalMode: default\ntools:\n  - "read_file"\n' +
        '  - "mcp__web__get"\ndisallowedTools:\n  - "edit"\n---\n\nDo what is asked.\n',
    },
    {
      kind: "whole",
      path: "/p/.qwen/agents/planner.md",
      text: '---\nname: planner\ndescription: "Does."\napprovalMode: plan\nmaxTurns: 3\n---\n\nDo what is asked.\n',
    },
    {
      kind: "whole",
      path: "/p/.qwen/agents/edits.md",
      text: '---\nname: edits\ndescription: "Does."\napprovalMode: default\n---\n\nDo what is asked.\n',
    },
  ]);
  assertEquals(fatesIn(fates), ["agent approximated", "agent exact", "agent approximated"]);
});

Deno.test("qwen refuses a sub-agent that Qwen Code would not read, or give tools that it should not have", () => {
  const { files, fates } = projected(qwen, [
    item.agent("unknown", { tools: ["Unheard"] }),
    item.agent("nothing", { tools: ["mcp__web"] }),
    item.agent("../up"),
    item.agent("mine", { scope: "private" }),
    item.agent("default"),
    item.agent("short", { body: "Do." }),
  ]);
  assertEquals([files, fatesIn(fates)], [[], Array(6).fill("agent refused")]);
});

Deno.test("qwen writes hooks at events that are the same, in seconds that stay seconds", () => {
  const { files, fates } = projected(qwen, [
    item.hook("SessionStart", { matcher: "startup", timeoutS: 10 }),
    item.hook("Stop", { timeoutS: 1200, rest: { async: true } }),
    item.hook("PreToolUse", { matcher: "Bash" }),
    item.hook("Stop", { type: "prompt" }),
    item.hook("Unheard"),
  ]);
  assertEquals(valuesIn(files, settings), {
    "/hooks/SessionStart/-": [
      { matcher: "startup", hooks: [{ type: "command", command: "check", timeout: 10 }] },
    ],
    "/hooks/Stop/-": [{ hooks: [{ type: "command", command: "check", timeout: 1_200_000 }] }],
  });
  assertEquals(fates.map(({ outcome }) => outcome).join(" "), "exact approximated refused refused refused");
  assertStringIncludes(fates[2].reason ?? "", "other names");
});

Deno.test("qwen writes variables that are no secrets, and folders; modes stay with each user", () => {
  const { files, fates } = projected(qwen, [
    item.env("CI", "1"),
    item.env("API_TOKEN", "canary"),
    item.env("BIN", "$HOME/bin"),
    item.setting("additionalDirectories", ["../docs"]),
    item.setting("defaultMode", "plan"),
  ]);
  assertEquals(valuesIn(files, settings), { "/env/CI": "1", "/context/includeDirectories/-": ["../docs"] });
  assertEquals(fates.map(({ outcome }) => outcome).join(" "), "approximated refused refused exact refused");
});

function rules(action: "deny" | "ask", text: string, scope: "user" | "project" = "project"): string[] {
  const items = [item.permission(action, text, { scope }), item.stdio("my files", { scope, isEnabled: false })];
  const path = scope === "user" ? "/h/.qwen/settings.json" : settings;
  const list = valuesIn(projected(qwen, items, { scope }).files, path)[`/permissions/${action}/-`];
  return Array.isArray(list) ? list : [];
}
