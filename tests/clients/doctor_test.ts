// The five real clients in a fresh project: what truce doctor says after truce install, and that it is content as soon as
// their user has trusted what they ask about. What the clients write then is written here.

import { field, textField } from "../../src/base/decode.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import {
  installClaude,
  installCodex,
  installCopilot,
  installGemini,
  installOpencode,
} from "../support/client_install.ts";
import { writeFile } from "../support/client_project.ts";
import { clientTest, runClient } from "../support/clients.ts";
import { CodexPlace } from "../support/codex_place.ts";
import { type Diagnosis, DoctorPlace, type HookClient, hookClients, hookFiles } from "../support/doctor_place.ts";
import { filesBelow } from "../support/place.ts";
import { runTruce, truceProgram } from "../support/program.ts";

const runMaxMs = 180_000;
const halfAnHourMs = 1_800_000;
const installers = {
  claude: installClaude,
  gemini: installGemini,
  codex: installCodex,
  copilot: installCopilot,
  opencode: installOpencode,
};

await clientTest(
  hookClients,
  "truce doctor is content with five clients when their user has done what it says",
  async () => {
    using place = await realPlace();
    const { project } = place;
    const installed = await truce(place, ["install", ...hookClients, "--yes"]);
    assertEquals([installed.code, installed.stderr], [0, ""]);

    assertNotOk(await doctor(place), [
      ["error", "Gemini CLI", `cd ${project} && gemini`],
      ["error", "Codex CLI", `cd ${project} && codex`],
      ["error", "Copilot CLI", `cd ${project} && copilot`],
    ]);

    writeFile(`${place.home}/.gemini/trustedFolders.json`, JSON.stringify({ [project]: "TRUST_FOLDER" }));
    writeFile(`${place.home}/.copilot/config.json`, JSON.stringify({ trustedFolders: [project] }));
    writeFile(`${place.home}/.codex/config.toml`, `[projects."${project}"]\ntrust_level = "trusted"\n`);
    assertNotOk(await doctor(place), [["error", "Codex CLI", `cd ${project} && codex`]]);

    const state = Object.fromEntries((await codexHooks(place)).map((hook) => [
      textField(hook, "key"),
      { trusted_hash: textField(hook, "currentHash") },
    ]));
    await place.ask("config/batchWrite", {
      edits: [{ keyPath: "hooks.state", value: state, mergeStrategy: "upsert" }],
    });
    const healthy = await doctor(place);
    assertNotOk(healthy, []);
    assertEquals(healthy.code, 0);
    const clients = healthy.findings.slice(-hookClients.length);
    for (const [i, version] of ["2.1.329", "0.61.0", "0.169.0", "1.0.102", "1.18.33"].entries()) {
      assertEquals(clients[i].text.includes(version), true, clients[i].text);
      assertEquals(clients[i].text.endsWith(`calls truce by ${project}/${hookFiles[hookClients[i]]}`), true);
    }
  },
);

for (const client of ["claude", "gemini", "codex", "copilot"] as const) {
  await clientTest(client, `truce doctor notices a session of ${client} that has called truce not once`, async () => {
    using place = new DoctorPlace();
    Deno.removeSync(`${place.project}/.git`, { recursive: true });
    new Deno.Command("git", { args: ["init", "--quiet"], cwd: place.project }).outputSync();
    await place.install([client]);
    const hooks = `${place.project}/${hookFiles[client]}`;
    const registered = new Date(Date.now() - 2 * halfAnHourMs);
    // Its hooks speak to the state of another truce, so this one hears nothing.
    await using run = await runClient(client, {
      project: place.project,
      home: place.home,
      script: { turns: [] },
      env: { TRUCE_STATE_DIR: `${place.root}/other` },
    });
    const { code, stderr } = await run.finished;
    assertEquals(code, 0, stderr);
    await place.trust([client]);
    Deno.utimeSync(hooks, registered, registered);
    assertEquals(silences(await place.doctor()), 0);

    for (const path of sessionFiles(place, client)) makeOlder(path);
    assertEquals(silences(await place.doctor()), 1);
  });
}

/** Returns a home and a project with the real clients on PATH, which have been started never. */
async function realPlace(): Promise<CodexPlace> {
  const commands = new Map<HookClient, readonly string[]>();
  for (const client of hookClients) {
    const installed = await installers[client]();
    if (installed.kind === "missing") throw new Error(installed.reason);
    commands.set(client, installed.command);
  }
  const place = new CodexPlace(commands.get("codex") ?? [], {});
  Deno.removeSync(`${place.home}/.codex`, { recursive: true });
  Deno.mkdirSync(binOf(place));
  Deno.symlinkSync(truceProgram, `${binOf(place)}/truce`);
  for (const [client, command] of commands) {
    const words = command.map((word) => `'${word}'`).join(" ");
    writeFile(`${binOf(place)}/${client}`, `#!/bin/sh\nexec ${words} "$@"\n`);
    Deno.chmodSync(`${binOf(place)}/${client}`, 0o755);
  }
  return place;
}

function binOf({ tree }: CodexPlace): string {
  return `${tree.place.root}/bin`;
}

function truce(place: CodexPlace, words: readonly string[]) {
  const { home, project, tree: { place: { state } } } = place;
  const env = { HOME: home, TRUCE_STATE_DIR: state, PATH: `${binOf(place)}:${Deno.env.get("PATH")}` };
  return runTruce(words, { cwd: project, env, deadlineMs: runMaxMs });
}

async function doctor(place: CodexPlace): Promise<Diagnosis> {
  const { code, stdout, stderr } = await truce(place, ["doctor", "--json"]);
  assertEquals(stderr, "");
  return { code, findings: JSON.parse(stdout).findings };
}

/** Fails unless all that is not ok is as expected: how grave, whose, and what is to be done. */
function assertNotOk({ findings }: Diagnosis, expected: readonly (readonly [string, string, string])[]): void {
  const wrong = findings.filter(({ level }) => level !== "ok");
  assertEquals(wrong.map(({ level, subject, next }) => [level, subject, next ?? ""]), expected.map((one) => [...one]));
}

async function codexHooks(place: CodexPlace): Promise<unknown[]> {
  const data = field(await place.ask("hooks/list", { cwds: [place.project] }), "data");
  const hooks = field(Array.isArray(data) ? data[0] : undefined, "hooks");
  return Array.isArray(hooks) ? hooks : [];
}

function silences({ findings }: Diagnosis): number {
  return findings.filter(({ text }) => text.includes("called truce not once")).length;
}

const sessionFolders = {
  claude: ".claude/projects",
  gemini: ".gemini/tmp",
  codex: ".codex/sessions",
  copilot: ".copilot/session-state",
};

function sessionFiles({ home }: DoctorPlace, client: keyof typeof sessionFolders): string[] {
  const files = filesBelow(`${home}/${sessionFolders[client]}`).filter((path) => !path.endsWith("/"));
  assertMatch(files.join("\n"), /\.jsonl$/m);
  return files;
}

/** Has all times in a text be half an hour earlier. */
function makeOlder(path: string): void {
  const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
  const older = (text: string) => new Date(Date.parse(text) - halfAnHourMs).toISOString();
  Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replaceAll(time, older));
}
