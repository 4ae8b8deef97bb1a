// verifyTargets() with the real clients: what truce writes passes, and what would keep a client from it does not.

import type { Target } from "../../src/sync/model.ts";
import { codex } from "../../src/sync/targets/codex.ts";
import { gemini } from "../../src/sync/targets/gemini.ts";
import { opencode } from "../../src/sync/targets/opencode.ts";
import { type Verified, verifyTargets } from "../../src/sync/verify.ts";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { installCodex, type Installed, installGemini, installOpencode } from "../support/client_install.ts";
import { makeHome, makeProject, writeFile } from "../support/client_project.ts";
import { filesBelow } from "../support/place.ts";
import { syncTo } from "../support/sync_to.ts";

const clients: readonly (readonly [target: Target, installed: Installed])[] = [
  [codex, await installCodex()],
  [gemini, await installGemini()],
  [opencode, await installOpencode()],
];

const settings = JSON.stringify({ permissions: { deny: ["Bash(rm -rf:*)", "Bash(curl:*)", "Read(/secrets/**)"] } });

/** What somebody breaks in what was written, and what is then said. */
const damages: Readonly<Record<string, readonly (readonly [path: string, text: string, said: string])[]>> = {
  codex: [
    [".codex/config.toml", `approval_policy = "untrusted"\n`, "no longer supported"],
    [
      ".codex/rules/truce.rules",
      ruleOf(`["rm", "-rf"]`, `[["rm", "-rf"], ["rm", "-fr"]]`),
      "expected every example to match",
    ],
    [".codex/rules/truce.rules", ruleOf(`["rm"]`, `[["rm"]]`) + `prefix_rule(pattern = ["x"], decision = "y")\n`, "y"],
  ],
  gemini: [
    [".gemini/settings.json", `{"mcpServers":{"x":{"command":3}}}`, "Invalid configuration"],
    [".gemini/settings.json", `{"hooks":{"PreToolUse":[]}}`, "Invalid hook event name"],
    [".gemini/agents/x.md", "---\nname: x\ndescription: x\ncolor: red\n---\nx\n", "Agent loading error"],
  ],
  opencode: [
    [".opencode/opencode.json", `{"agent":"x"}`, "Configuration is invalid"],
  ],
};

for (const [target, installed] of clients) {
  const isMissing = installed.kind === "missing";
  const test = (name: string, fn: () => Promise<void>) =>
    Deno.test({
      name: `verifyTargets() ${name}${isMissing ? ` (ignored: ${installed.reason})` : ""}`,
      ignore: isMissing,
      fn,
    });

  test(`has ${target.name} read what is written for a project and a user, starts no server and leaves nothing`, async () => {
    using home = makeHome();
    const started = `${home.path}/started`;
    using project = makeProject({
      ".claude/settings.json": settings,
      ".mcp.json": JSON.stringify({ mcpServers: { fs: { command: "touch", args: [started] } } }),
    });
    writeFile(`${home.path}/.claude/settings.json`, settings);
    await syncTo(target, { scope: "project", project: project.path });
    await syncTo(target, { scope: "user", home: home.path });
    const files = [...filesBelow(project.path), ...filesBelow(home.path)];
    for (const place of [{ project: project.path }, { home: home.path }]) {
      const all = await verifyWith(installed, target, place);
      assertEquals(all.filter(({ isOk }) => !isOk), []);
      assertEquals(
        all.length > 0 && all.every(({ detail }) => !/not (?:checked|installed)|could not/.test(detail)),
        true,
      );
      if (target === codex) {
        assertEquals(all.slice(1).map(({ check, detail }) => [check, detail]), [
          ["Codex denies rm -rf", "forbidden"],
          ["Codex denies curl", "forbidden"],
        ]);
      }
    }
    assertEquals([...filesBelow(project.path), ...filesBelow(home.path)], files);
  });

  for (const [path, text, said] of damages[target.name] ?? []) {
    test(`says that ${target.name} would not take ${path} with ${said}`, async () => {
      using project = makeProject({ ".claude/settings.json": settings });
      await syncTo(target, { scope: "project", project: project.path });
      writeFile(`${project.path}/${path}`, text);
      const all = await verifyWith(installed, target, { project: project.path });
      const bad = all.filter(({ isOk }) => !isOk);
      assertEquals(bad.length > 0, true, JSON.stringify(all));
      assertStringIncludes(bad[0].detail, said);
    });
  }
}

Deno.test("verifyTargets() says which client is not installed, and that is no fault", async () => {
  using project = makeProject({ ".claude/settings.json": settings });
  await syncTo(codex, { scope: "project", project: project.path });
  const facts = { findProgram: () => undefined };
  const targets = [codex, gemini];
  assertEquals(await verifyTargets({ project: project.path, targets, facts }), [{
    target: "codex",
    check: "is installed",
    isOk: true,
    detail: "codex is not installed, so nobody could be asked",
  }]);
});

/** Stands for the search path: a client that runs with node is called by a program of its name. */
async function verifyWith(
  installed: Installed,
  target: Target,
  place: { readonly project?: string; readonly home?: string },
): Promise<Verified[]> {
  if (installed.kind === "missing") throw new Error(installed.reason);
  using folder = makeHome();
  const program = `${folder.path}/${target.checks?.program}`;
  writeFile(program, `#!/bin/sh\nexec ${installed.command.map((word) => `'${word}'`).join(" ")} "$@"\n`);
  Deno.chmodSync(program, 0o755);
  const findProgram = (name: string) => name === target.checks?.program ? program : undefined;
  return await verifyTargets({ ...place, targets: [target], facts: { findProgram } });
}

function ruleOf(pattern: string, match: string): string {
  return `prefix_rule(
    pattern = ${pattern},
    decision = "forbidden",
    justification = "Claude Code denies it",
    match = ${match},
)
`;
}
