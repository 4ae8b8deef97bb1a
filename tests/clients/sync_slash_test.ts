// The slash commands of the plugin in the real Claude Code: what was typed reaches truce, and its answer the model.

import { repository } from "../support/client_hooks.ts";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { makeHome, makeProject, writeFile } from "../support/client_project.ts";
import { clientTest, runClaude } from "../support/clients.ts";

/** What is typed, and the words that truce is started with. */
const commands: readonly (readonly [typed: string, words: readonly string[]])[] = [
  ["/truce:sync", ["sync", "--", ""]],
  ["/truce:sync --target codex --dry-run", ["sync", "--", "--target codex --dry-run"]],
  ["/truce:sync --check; touch gone", ["sync", "--", "--check; touch gone"]],
  ["/truce:sync-status", ["sync", "status"]],
];

for (const [typed, words] of commands) {
  await clientTest("claude", `claude runs truce for ${typed}, and tells the model what it says`, async () => {
    using home = makeHome();
    using project = makeProject({});
    const note = `${home.path}/words`;
    const hooks = `test "$1" = hook && exit 0`;
    const truce = `#!/bin/sh\n${hooks}\nprintf '%s\\0' "$@" > '${note}'\necho it says so >&2\nexit 3\n`;
    writeFile(`${home.path}/bin/truce`, truce);
    Deno.chmodSync(`${home.path}/bin/truce`, 0o755);
    await using run = await runClaude({
      project: project.path,
      home: home.path,
      env: { PATH: `${home.path}/bin:${Deno.env.get("PATH")}` },
      args: ["--plugin-dir", `${repository}/hooks/claude`],
      prompt: typed,
      permissionMode: "default",
      script: { turns: [] },
    });
    const { code, stdout, stderr } = await run.finished;
    assertEquals(code, 0, stderr + stdout);
    assertEquals(Deno.readTextFileSync(note).split("\0").slice(0, -1), words);
    assertStringIncludes(run.mock.textsSentToModel().join("\n"), "it says so");
    assertEquals([...Deno.readDirSync(project.path)].some(({ name }) => name === "gone"), false);
  });
}
