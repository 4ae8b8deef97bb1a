import { cursor } from "../../../src/sync/targets/cursor.ts";
import { assertEquals, assertStringIncludes } from "../../support/assert.ts";
import { fatesIn, item, projected, valuesIn } from "./items.ts";

const user = { scope: "user" } as const;
/** A project that has permissions for Cursor's command line. */
const open = { files: { "/p/.cursor/cli.json": `{"permissions":{"allow":[],"deny":[]}}` } };

Deno.test("cursor writes nothing for skills, sub-agents and hooks, which Cursor reads itself", () => {
  const { files, fates } = projected(cursor, [
    item.skill("pdf"),
    item.skill("deploy", { isManual: true }),
    item.agent("reviewer"),
    item.hook("PreToolUse", { matcher: "Bash" }),
  ]);
  assertEquals([files, fates.map(({ outcome }) => outcome)], [[], Array(4).fill("native")]);
});

Deno.test("cursor tells instructions and rules in the AGENTS.md that others read, too", () => {
  const { files } = projected(cursor, [item.instructions(), item.rule("ts", { globs: ["*.ts"] })]);
  const text = "Text.\n\nFor files that match `*.ts`:\n\nRule.";
  assertEquals(files, [{ kind: "block", path: "/p/AGENTS.md", text }]);
  const own = projected(cursor, [item.instructions(user), item.rule("ts", user)], user);
  assertEquals([own.files, fatesIn(own.fates)], [[], ["instructions refused", "rule refused"]]);
});

Deno.test("cursor writes servers with references of Cursor's own", () => {
  const { files, fates } = projected(cursor, [
    item.stdio("files", { args: ["--root=${ROOT}"], env: { TOKEN: "${TOKEN}" }, timeoutMs: 5 }),
    item.remote("web", { headers: { Authorization: "Bearer ${TOKEN}" } }),
    item.remote("old", { type: "sse" }),
  ]);
  assertEquals(valuesIn(files, "/p/.cursor/mcp.json"), {
    "/mcpServers/files": {
      type: "stdio",
      command: "serve",
      args: ["--root=${env:ROOT}"],
      env: { TOKEN: "${env:TOKEN}" },
    },
    "/mcpServers/web": {
      type: "http",
      url: "https://mcp.example/x",
      headers: { Authorization: "Bearer ${env:TOKEN}" },
    },
    "/mcpServers/old": { type: "sse", url: "https://mcp.example/x" },
  });
  assertEquals(fatesIn(fates), ["server approximated", "server exact", "server exact"]);
});

Deno.test("cursor refuses servers that would come out as others, and leaves out those that are disabled", () => {
  const { files, fates } = projected(cursor, [
    item.stdio("default", { args: ["${ROOT:-.}"] }),
    item.stdio("replaced", { args: ["${workspaceFolder}"] }),
    item.stdio("secret", { env: { API_TOKEN: "canary" } }),
    item.remote("socket", { type: "ws" }),
    item.remote("helped", { headersHelper: "token" }),
    item.stdio("private", { scope: "private" }),
    item.stdio("off", { isEnabled: false }),
  ]);
  assertEquals(files, []);
  assertEquals(fatesIn(fates), [...Array(6).fill("server refused"), "server approximated"]);
});

Deno.test("cursor denies a command by its first word, or says that it would deny too much", () => {
  assertEquals(denied("Bash(curl:*)"), ["Shell(curl)", "Shell(curl:*)", "Shell(*/curl)", "Shell(*/curl:*)"]);
  assertEquals(denied("Bash(rm -rf:*)"), ["Shell(rm)", "Shell(rm:*)", "Shell(*/rm)", "Shell(*/rm:*)"]);
  assertEquals(denied("Bash"), ["Shell(**)"]);
  assertEquals(denied("Bash(git push:*)"), []);
  assertEquals(denied("Bash(* --force)"), []);
  const { fates } = projected(cursor, [item.permission("deny", "Bash(git push:*)")], open);
  assertEquals(fatesIn(fates), ["permission refused"]);
});

Deno.test("cursor denies paths at every depth at which Claude Code does, and what is below them", () => {
  assertEquals(denied("Read(.env)"), ["Read(**/.env)", "Read(**/.env/**)", "Write(**/.env)", "Write(**/.env/**)"]);
  assertEquals(denied("Edit(/src/*.gen.ts)"), ["Write(src/*.gen.ts)", "Write(src/*.gen.ts/**)"]);
  assertEquals(denied("Edit(//etc/**)"), ["Write(/etc)", "Write(/etc/**)"]);
  assertEquals(denied("Edit(/a(b){c}/**)"), ["Write(a?b??c?)", "Write(a?b??c?/**)"]);
  assertEquals(denied("Read"), ["Read(**)", "Write(**)"]);
  assertEquals(denied("Edit(~/.ssh/**)"), []);
  assertEquals(denied("Edit(~/.ssh/**)", "user"), ["Write(/h/.ssh)", "Write(/h/.ssh/**)"]);
});

Deno.test("cursor denies addresses, tools of servers by each name of theirs, and all that writes", () => {
  assertEquals(denied("WebFetch(domain:evil.example)"), ["WebFetch(evil.example)"]);
  assertEquals(denied("mcp__my_files__write"), ["Mcp(my files:write)", "Mcp(my_files:write)"]);
  assertEquals(denied("mcp__web"), ["Mcp(web:*)"]);
  assertEquals(denied("Write"), ["Write(**)"]);
  assertEquals(denied("Agent(x)"), []);
});

Deno.test("cursor denies what is asked, refuses to deny a whole tool for it, and allows nothing", () => {
  const { files, fates } = projected(cursor, [
    item.permission("ask", "Edit(/package.json)"),
    item.permission("ask", "Bash"),
    item.permission("allow", "Bash(ls:*)"),
    item.permission("deny", "Write(x)"),
    item.permission("deny", "Bash", { scope: "private" }),
  ], open);
  assertEquals(valuesIn(files, "/p/.cursor/cli.json"), {
    "/permissions/deny/-": ["Write(package.json)", "Write(package.json/**)"],
  });
  const outcomes = fates.map(({ outcome }) => outcome).join(" ");
  assertEquals(outcomes, "approximated refused approximated refused refused");
  assertStringIncludes(fates[0].reason ?? "", "it is denied");
});

Deno.test("cursor denies nothing in a project that has no permissions of its own: they could replace the user's", () => {
  const items = [
    item.permission("deny", "Bash(rm:*)"),
    item.permission("ask", "Edit(a)"),
    item.permission("allow", "Bash"),
  ];
  for (const text of [undefined, "{}", `{"permissions":{"deny":["Shell(x)"]}}`, `{"permissions":{"allow":[]}}`]) {
    const { files, fates } = projected(cursor, items, {
      files: text === undefined ? {} : { "/p/.cursor/cli.json": text },
    });
    assertEquals([files, fates.map(({ outcome }) => outcome)], [[], ["refused", "refused", "approximated"]]);
    assertStringIncludes(fates[0].reason ?? "", `write "permissions"`);
  }
  assertEquals(projected(cursor, items, open).fates.map(({ outcome }) => outcome), Array(3).fill("approximated"));
});

Deno.test("cursor makes no cli-config.json: Cursor refuses one without its other fields", () => {
  const { files, fates } = projected(cursor, [item.permission("deny", "Bash(rm:*)", user)], user);
  assertEquals([files, fatesIn(fates)], [[], ["permission refused"]]);
});

Deno.test("cursor says what Cursor does not have, and what it does not hold to", () => {
  const { files, fates } = projected(cursor, [
    item.agent("reader", { tools: ["Read"] }),
    item.agent("safe", { disallowedTools: ["Bash"] }),
    item.hook("Notification"),
    item.hook("Stop", { type: "prompt" }),
    item.env("CI", "1"),
    item.setting("defaultMode", "plan"),
  ]);
  assertEquals(files, []);
  assertEquals(fates.map(({ outcome, reason }) => outcome === "refused" && reason !== undefined), Array(6).fill(true));
});

function denied(rule: string, scope: "user" | "project" = "project"): unknown {
  const folder = scope === "user" ? "/h/.cursor/cli-config.json" : "/p/.cursor/cli.json";
  const items = [item.permission("deny", rule, { scope }), item.stdio("my files", { scope })];
  const { files } = projected(cursor, items, {
    scope,
    files: { ...open.files, "/h/.cursor/cli-config.json": "{}" },
  });
  return valuesIn(files, folder)["/permissions/deny/-"] ?? [];
}
