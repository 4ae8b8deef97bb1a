import { field } from "../../src/base/decode.ts";
import { claudeHealth } from "../../src/hosts/claude_health.ts";
import { codexHealth } from "../../src/hosts/codex_health.ts";
import type { HealthLook } from "../../src/hosts/health.ts";
import { type HookCall, shellWord } from "../../src/hosts/registration.ts";
import { hostNamed, hosts } from "../../src/hosts/table.ts";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { healthCases } from "../support/health_cases.ts";

const [home, project] = ["/home/user", "/home/user/repo"];
const truce = "/opt/a b/truce";
const call: HookCall = { truce };

for (const host of hosts) {
  const cases = healthCases.filter((one) => one.host === host.name);

  Deno.test(`problems() of ${host.name} is empty where the client takes truce's hook, and else says what is wrong`, async () => {
    const { problems } = await host.health();
    const wrong = cases.filter(({ text, outcome }) =>
      (problems(text("truce hook stop")).length > 0) !== (outcome === "dropped")
    );
    assertEquals(wrong.map(({ title, text }) => [title, problems(text("truce hook stop"))]), []);
  });

  Deno.test(`whySkipped() of ${host.name} says why the client runs no hook that it takes`, async () => {
    // What Codex trusts is a matter of its own, below.
    if (host.name === "codex") return;
    const { whySkipped } = await host.health();
    for (const { title, file, text, others, outcome } of cases.filter(({ outcome }) => outcome !== "dropped")) {
      const content = text("truce hook stop");
      const look = lookAt(file, content, others(project));
      assertEquals((await whySkipped?.(look)) !== undefined, outcome === "skipped", title);
    }
  });

  Deno.test(`problems() of ${host.name} is empty for what truce install writes, and editCommand() finds its command`, async () => {
    const { problems, editCommand } = await host.health();
    const { content } = await host.settings();
    const text = content.kind === "file" ? content.text(call) : JSON.stringify({ hooks: content.hooks(call) });
    assertEquals(problems(text), []);
    assertStringIncludes(editCommand(text, false) ?? "", `${shellWord(truce)} hook before-tool --format ${host.name}`);
    assertEquals(editCommand("{}", false), undefined);
    assertEquals(editCommand("", false), undefined);
  });

  Deno.test(`canary() of ${host.name} is an edit of that file to the dialect`, async () => {
    const { canary } = await host.health();
    const { tool, cwd, sessionId } = host.decode(canary("/repo/a.txt", "/repo"), "before-tool");
    assertEquals([tool?.action, cwd, sessionId], ["edit", "/repo", "truce-doctor"]);
    assertEquals(tool?.paths.map((path) => path.replace("/repo/", "")), ["a.txt"]);
  });
}

Deno.test("problems() names the place, and what it costs", () => {
  const hook = { type: "command", command: "truce hook stop --format claude", timeout: "5" };
  const text = JSON.stringify({ model: 5, hooks: { Stop: [{ hooks: [{ ...hook, command: "true" }, hook] }] } });
  assertEquals(claudeHealth.problems(text), [
    "model is not text: nothing of this file is taken",
    "hooks.Stop[0].hooks[1].timeout is not a number above 0: hooks.Stop[0].hooks[1] is dropped",
  ]);
});

Deno.test("problems() and editCommand() take any text", async () => {
  const texts = ["", "null", "5", "[]", "[null]", '{"hooks":5}', '{"hooks":{"PreToolUse":5,"preToolUse":[null]}}', "{"];
  for (const host of hosts) {
    const { problems, editCommand } = await host.health();
    for (const text of texts) {
      const wrong = problems(text);
      assertEquals(wrong.every((why) => why !== ""), true);
      assertEquals(editCommand(text, true), undefined, `${host.name} ${text}`);
    }
  }
});

Deno.test("whySkipped() of claude knows which addresses and variables hooks over HTTP may have", async () => {
  const { content } = await hostNamed("claude")?.settings() ?? {};
  const hooks = content?.kind === "hooks" ? content.httpHooks?.(call) : undefined;
  const why = async (user: Record<string, unknown>, shared: Record<string, unknown> = {}) => {
    const text = JSON.stringify({ hooks, ...shared });
    const look = lookAt(".claude/settings.json", text, { "~/.claude/settings.json": user });
    return (await claudeHealth.whySkipped?.(look))?.why;
  };
  const here = { allowedHttpHookUrls: ["http://127.0.0.1:*"] };
  const elsewhere = { allowedHttpHookUrls: ["https://example.com/*", "*/hooks/*"] };
  assertEquals(await why({}), undefined);
  assertEquals(await why(elsewhere, here), undefined);
  assertStringIncludes(await why(elsewhere) ?? "", "allowedHttpHookUrls does not have http://127.0.0.1:9876/hooks/");
  assertEquals(await why(here, { httpHookAllowedEnvVars: ["TRUCE_TOKEN"] }), undefined);
  const noVariable = await why(here, { httpHookAllowedEnvVars: [] });
  assertStringIncludes(noVariable ?? "", "httpHookAllowedEnvVars does not have TRUCE_TOKEN");
});

Deno.test("whySkipped() of codex says what config.toml has against a hook", async () => {
  const path = `${project}/.codex/hooks.json`;
  const text = JSON.stringify({ hooks: { Stop: [{ hooks: [{ type: "command", command: "true # truce" }] }] } });
  const hash = await sha256(
    '{"event_name":"stop","hooks":[{"async":false,"command":"true # truce","timeout":600,"type":"command"}]}',
  );
  const trusted = { trusted_hash: `sha256:${hash}` };
  const config = (state: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
    "~/.codex/config.toml": {
      projects: { [project]: { trust_level: "trusted" } },
      hooks: { state: { [`${path}:stop:0:0`]: state } },
      ...more,
    },
  });
  const why = async (files: Record<string, unknown>, file = ".codex/hooks.json") => {
    const skipped = await codexHealth.whySkipped?.(lookAt(file, text, files));
    if (skipped !== undefined) assertEquals(skipped.next, `cd ${project} && codex`);
    return skipped?.why.replace(/: .*/, "");
  };
  assertEquals(await why(config(trusted)), undefined);
  assertEquals(await why({}), `Codex CLI does not trust ${project}`);
  assertEquals(await why({}, "~/.codex/hooks.json"), `Codex CLI trusts 0 of the 1 hooks in ${home}/.codex/hooks.json`);
  assertEquals(await why(config({ trusted_hash: "sha256:00" })), `Codex CLI trusts 0 of the 1 hooks in ${path}`);
  assertEquals(await why(config({ ...trusted, enabled: false })), "1 of its 1 hooks are off");
  const off = lookAt(".codex/hooks.json", text, config(trusted, { features: { hooks: false } }));
  assertEquals(await codexHealth.whySkipped?.(off), {
    why: `[features] hooks is false in ${home}/.codex/config.toml`,
    next: "codex features enable hooks",
  });
});

Deno.test("editCommand() takes the command that does nothing but call truce, and none that only names a folder so", () => {
  const before = (...commands: string[]) =>
    JSON.stringify({ hooks: { PreToolUse: [{ hooks: commands.map((command) => ({ type: "command", command })) }] } });
  const own = "truce hook before-tool --format claude";
  assertEquals(claudeHealth.editCommand(before("~/truce/lint.sh", `echo hello; ${own}`, own), false), own);
  assertEquals(claudeHealth.editCommand(before(`echo hello; ${own}`), false), `echo hello; ${own}`);
  assertEquals(
    claudeHealth.editCommand(before("~/truce/lint.sh", "cat truce.jsonc", "C:\\truce\\lint"), false),
    undefined,
  );
});

const matchers: readonly (readonly [host: string, matcher: string, tools: string])[] = [
  ["claude", "Edit|Write|MultiEdit|NotebookEdit", "Edit Write NotebookEdit"],
  ["claude", "Edit, Write", "Edit Write"],
  ["claude", "^(Edit|Write)$", "Edit Write"],
  ["claude", ".*Edit", "Edit NotebookEdit"],
  ["claude", "Ed", ""],
  ["claude", "edit", ""],
  ["claude", "Read", ""],
  ["claude", "(", ""],
  ["gemini", "^(replace|write_file)$", "replace write_file"],
  ["gemini", "lace", "replace"],
  ["gemini", "read_file", ""],
  ["codex", "^(apply_patch|Bash)$", "apply_patch"],
  ["codex", "apply", ""],
  ["codex", "Edit|Write", "apply_patch"],
  ["codex", "MultiEdit", ""],
  ["codex", "Bash", ""],
];

Deno.test("matches() chooses tools as the host does", async () => {
  for (const [name, matcher, tools] of matchers) {
    const { holding } = await hostNamed(name)?.health() ?? {};
    const matched = holding?.tools.filter((tool) => holding.matches(matcher, tool)).join(" ");
    assertEquals(matched, tools, `${name} ${matcher}`);
  }
});

function lookAt(file: string, text: string, others: Readonly<Record<string, unknown>>): HealthLook {
  const absolute = (name: string) => name.startsWith("~/") ? `${home}${name.slice(1)}` : `${project}/${name}`;
  const files: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(others)) files[absolute(name)] = value;
  if (text.startsWith("{")) files[absolute(file)] = JSON.parse(text);
  return { path: absolute(file), text, project, home, read: (path) => field(files, path) };
}

async function sha256(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
