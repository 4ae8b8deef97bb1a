import { copilot } from "../../../src/sync/targets/copilot.ts";
import { assertEquals, assertStringIncludes } from "../../support/assert.ts";
import { fatesIn, item, projected, valuesIn } from "./items.ts";

const repositorySettings = "/p/.github/copilot/settings.json";
const userSettings = "/h/.copilot/settings.json";
const user = { scope: "user" } as const;

Deno.test("copilot writes nothing for what Copilot reads from Claude Code's own files", () => {
  const { files, fates } = projected(copilot, [
    item.instructions(),
    item.instructions({ name: "src", path: "src/CLAUDE.md" }),
    item.rule("ts", { globs: ["**/*.ts"] }),
    item.stdio("files", { env: { TOKEN: "${TOKEN:-none}" } }),
    item.skill("pdf"),
    item.agent("reviewer", { tools: ["Read"] }),
    item.command("fix"),
    item.hook("PreToolUse", { matcher: "Bash" }),
    item.hook("Stop", { scope: "private" }),
  ]);
  assertEquals(files, []);
  assertEquals(fates.map(({ outcome }) => outcome), Array(9).fill("native"));
});

Deno.test("copilot says what Copilot does not read where it is, or reads otherwise", () => {
  const { files, fates } = projected(copilot, [
    item.instructions({ path: ".claude/CLAUDE.md" }),
    item.instructions({ scope: "private" }),
    item.remote("socket", { type: "ws" }),
    item.remote("helped", { headersHelper: "token" }),
    item.agent("safe", { disallowedTools: ["Bash"] }),
    item.hook("Stop", { type: "prompt" }),
    item.env("CI", "1"),
  ]);
  assertEquals(files, []);
  assertEquals(fates.map(({ outcome, reason }) => outcome === "refused" && reason !== undefined), Array(7).fill(true));
});

Deno.test("copilot makes a skill of a command in a folder, and of no other in a project", () => {
  const { files, fates } = projected(copilot, [item.command("fix"), item.command("db/migrate")]);
  assertEquals(files.map(({ path }) => path), [
    "/p/.agents/skills/db-migrate/SKILL.md",
    "/p/.agents/skills/db-migrate/agents/openai.yaml",
  ]);
  assertEquals(fatesIn(fates), ["command native", "command approximated"]);
});

Deno.test("copilot switches off servers that are disabled or denied, once each", () => {
  const { files, fates } = projected(copilot, [
    item.stdio("off", { isEnabled: false }),
    item.stdio("my files"),
    item.permission("deny", "mcp__off"),
    item.permission("deny", "mcp__my_files__write"),
    item.permission("deny", "mcp__other*"),
  ]);
  assertEquals(valuesIn(files, repositorySettings), { "/disabledMcpServers/-": ["off", "my files", "my_files"] });
  assertEquals(fatesIn(fates).slice(2), ["permission exact", "permission approximated", "permission refused"]);
});

Deno.test("copilot refuses what the settings of a project cannot hold to, and leaves allowances to Copilot", () => {
  const rules = ["Bash(rm -rf:*)", "Read(.env)", "WebFetch(domain:evil.example)", "Skill(pdf)", "Agent(x)", "Write(x)"];
  const denied = projected(copilot, rules.map((text) => item.permission("deny", text)));
  assertEquals([denied.files, fatesIn(denied.fates)], [[], Array(6).fill("permission refused")]);
  const { fates } = projected(copilot, [
    item.permission("ask", "Bash(git push:*)"),
    item.permission("allow", "Bash(ls:*)"),
    item.permission("deny", "mcp__files", { scope: "private" }),
  ]);
  assertEquals(fatesIn(fates), ["permission refused", "permission approximated", "permission refused"]);
});

Deno.test("copilot denies a user addresses and skills, and takes the bypass away", () => {
  const { files, fates } = projected(copilot, [
    item.permission("deny", "WebFetch(domain:*.evil.example)", user),
    item.permission("deny", "WebFetch(domain:a*b)", user),
    item.permission("deny", "Skill(pdf)", user),
    item.setting("disableBypassPermissionsMode", "disable", user),
    item.setting("defaultMode", "plan", user),
  ], user);
  assertEquals(valuesIn(files, userSettings), {
    "/deniedUrls/-": ["https://*.evil.example", "http://*.evil.example"],
    "/disabledSkills/-": ["pdf"],
    "/permissions/disableBypassPermissionsMode": "disable",
  });
  const outcomes = fates.map(({ outcome }) => outcome).join(" ");
  assertEquals(outcomes, "approximated refused exact exact refused");
});

Deno.test("copilot writes a user's configuration to files of Copilot, in the words of Claude Code", () => {
  const { files, fates } = projected(copilot, [
    item.instructions({ ...user, text: "Be kind." }),
    item.rule("ts", { ...user, text: "Be strict." }),
    item.stdio("files", { ...user, args: ["--root", "${ROOT:-.}"], env: { TOKEN: "${TOKEN}" }, timeoutMs: 5000 }),
    item.remote("web", { ...user, type: "sse", headers: { Authorization: "Bearer ${TOKEN}" } }),
    item.skill("pdf", user),
    item.agent("reviewer", user),
    item.hook("PreToolUse", { ...user, matcher: "Bash", timeoutS: 5 }),
  ], user);
  assertEquals(valuesIn(files, "/h/.copilot/mcp-config.json"), {
    "/mcpServers/files": {
      type: "local",
      command: "serve",
      args: ["--root", "${ROOT:-.}"],
      env: { TOKEN: "${TOKEN}" },
      timeout: 5000,
      tools: ["*"],
    },
    "/mcpServers/web": {
      type: "sse",
      url: "https://mcp.example/x",
      headers: { Authorization: "Bearer ${TOKEN}" },
      tools: ["*"],
    },
  });
  assertEquals(valuesIn(files, userSettings), {
    "/hooks/PreToolUse/-": [{ matcher: "Bash", hooks: [{ type: "command", command: "check", timeout: 5 }] }],
  });
  const others = files.filter(({ kind }) => kind !== "keys");
  assertEquals(others, [
    { kind: "block", path: "/h/.copilot/copilot-instructions.md", text: "Be kind.\n\nBe strict." },
    { kind: "link", path: "/h/.agents/skills/pdf", to: "../../.claude/skills/pdf" },
    { kind: "link", path: "/h/.copilot/agents/reviewer.agent.md", to: "../../.claude/agents/reviewer.md" },
  ]);
  assertEquals(fates.map(({ outcome }) => outcome), Array(7).fill("exact"));
});

Deno.test("copilot writes no secret and no sub-agent that would have more tools", () => {
  const { files, fates } = projected(copilot, [
    item.stdio("files", { ...user, env: { API_TOKEN: "canary" } }),
    item.agent("safe", { ...user, disallowedTools: ["Bash"] }),
  ], user);
  assertEquals([files, fatesIn(fates)], [[], ["server refused", "agent refused"]]);
  assertStringIncludes(fates[0].reason ?? "", "API_TOKEN");
});
