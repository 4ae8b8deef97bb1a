// What verifyTargets() makes of what a client answers, with a program of the test in the client's place.

import type { Target } from "../../src/sync/model.ts";
import { failed, unexpected } from "../../src/sync/targets/answers.ts";
import { codex } from "../../src/sync/targets/codex.ts";
import { gemini } from "../../src/sync/targets/gemini.ts";
import { opencode } from "../../src/sync/targets/opencode.ts";
import { type Verified, verifyTargets } from "../../src/sync/verify.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { makeHome, makeProject, writeFile } from "../support/client_project.ts";

const rules = `prefix_rule(
    pattern = ["rm"],
    decision = "forbidden",
    justification = "Claude Code denies it",
    match = [["rm"]],
)
`;
const clients: readonly Target[] = [codex, gemini, opencode];
const files = {
  ".codex/config.toml": "",
  ".codex/rules/truce.rules": rules,
  ".gemini/settings.json": "{}",
  "opencode.json": `{"permission":{"bash":{"rm *":"deny"}}}`,
};

/** What a client may answer besides what it is asked for; none of it vouches for anything. */
const answers: Readonly<Record<string, string>> = {
  "says that a file is missing": `echo "Error: No such file or directory (os error 2)" >&2; exit 1`,
  "says that a reference is bad": `echo "bad file reference: {file:./x}" >&2; exit 1`,
  "says nothing": "exit 0",
  "says something else": "echo usage: it does not have this command; exit 0",
  "says that a file is missing, and that all went well": `echo "No such file or directory" >&2; exit 0`,
  "says no more than a bracket": "echo '['; exit 0",
  "ends by a signal": "kill -9 $$",
};

for (const target of clients) {
  for (const [name, script] of Object.entries(answers)) {
    Deno.test(`verifyTargets() takes nothing for verified where ${target.name} ${name}`, async () => {
      const all = await verifyWith(target, script);
      assert(all.length > 0, "nothing was asked");
      assertEquals(all.filter(({ isOk }) => isOk), []);
    });
  }
}

Deno.test("verifyTargets() takes nothing for verified where the client cannot be started", async () => {
  using project = makeProject(files);
  const facts = { findProgram: () => `${project.path}/absent` };
  const all = await verifyTargets({ project: project.path, targets: [gemini], facts });
  assertEquals(all.map(({ isOk }) => isOk), [false]);
  assertStringIncludes(all[0].detail, "not verified: it could not be asked");
});

Deno.test("verifyTargets() takes for verified what the client says as it should", async () => {
  const all = await verifyWith(gemini, "echo No skills discovered.");
  assertEquals(all.map(({ isOk, detail }) => [isOk, detail]), [[true, "no complaint"]]);
});

Deno.test("failed() and unexpected() say why, in a line", () => {
  const answer = { code: 2, stdout: "one\ntwo\n", stderr: "" };
  assertEquals(failed(answer).detail, "exit code 2: one two");
  assertEquals(unexpected(answer).detail, "not verified: its answer is not understood: one two");
  assertEquals(
    failed({ ...answer, stderr: "open x: No such file or directory" }).detail,
    "not verified: it misses a file in the copy that it gets, exit code 2: open x: No such file or directory",
  );
});

async function verifyWith(target: Target, script: string): Promise<Verified[]> {
  using project = makeProject(files);
  using home = makeHome();
  const program = `${home.path}/client`;
  writeFile(program, `#!/bin/sh\n${script}\n`);
  Deno.chmodSync(program, 0o755);
  return await verifyTargets({ project: project.path, targets: [target], facts: { findProgram: () => program } });
}
