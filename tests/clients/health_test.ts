// The real clients with the settings of tests/support/health_cases.ts: whether a hook runs is what src/hosts/*_health.ts says.

import { field, textField } from "../../src/base/decode.ts";
import { nameOf } from "../../src/base/path.ts";
import { codexHealth } from "../../src/hosts/codex_health.ts";
import type { HealthLook } from "../../src/hosts/health.ts";
import { hosts } from "../../src/hosts/table.ts";
import { assertEquals } from "../support/assert.ts";
import { installCodex } from "../support/client_install.ts";
import { type ClientName, clientTest } from "../support/clients.ts";
import { CodexPlace } from "../support/codex_place.ts";
import { type HealthCase, healthCases } from "../support/health_cases.ts";
import { markingCommand, readValue, runHealthCase } from "../support/health_run.ts";

/** How many clients run beside each other. */
const runsMax = 3;
const clients: readonly ClientName[] = ["claude", "gemini", "copilot", "opencode"];

for (const client of clients) {
  await clientTest(client, `${client} runs a hook where truce says that it does, and only there`, async () => {
    const queue = healthCases.filter(({ host, isTried }) => host === client && isTried);
    const wrong: string[] = [];
    const shells = new Set<string>();
    const work = async () => {
      for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
        const { shellWords, output } = await runHealthCase(one);
        if (shellWords !== undefined) shells.add(shellOf(shellWords));
        if ((shellWords !== undefined) !== (one.outcome === "runs")) wrong.push(`${one.title}: ${output.slice(-200)}`);
      }
    };
    await Promise.all(Array.from({ length: runsMax }, work));
    assertEquals(wrong, []);
    const health = await hosts.find(({ name }) => name === client)?.health();
    assertEquals([...shells], [shellOf(health?.shell(false) ?? [])]);
  });
}

await clientTest(
  "codex",
  "codex lists a hook where truce says that it takes it, by the hash that truce makes",
  async () => {
    for (const one of healthCases.filter(({ host, isTried }) => host === "codex" && isTried)) {
      const text = one.text("true # truce");
      using place = await codexPlace(one, text);
      const listed = await listedHooks(place);
      assertEquals(listed.length, one.outcome === "runs" ? 1 : 0, one.title);
      const state = Object.fromEntries(listed.map((hook) => [
        textField(hook, "key"),
        { trusted_hash: textField(hook, "currentHash") },
      ]));
      const config = { projects: { [place.project]: { trust_level: "trusted" } }, hooks: { state } };
      if (one.outcome === "runs") {
        assertEquals(await codexHealth.whySkipped?.(lookIn(place, one, text, () => config)), undefined, one.title);
      }
    }
  },
);

await clientTest("codex", "codex runs a hook as soon as its config.toml trusts it, and so says truce", async () => {
  const one = healthCases.find(({ host, isTried }) => host === "codex" && isTried);
  if (one === undefined) throw new Error("There is no case for codex");
  using place = await codexPlace(one, "{}");
  const text = one.text(markingCommand(place.home));
  Deno.writeTextFileSync(`${place.project}/${one.file}`, text);
  const look = lookIn(place, one, text, readValue);
  const hasRun = () => [...Deno.readDirSync(place.home)].some(({ name }) => name === "mark");

  await place.session([]);
  assertEquals([hasRun(), (await codexHealth.whySkipped?.(look))?.next], [
    false,
    `cd ${place.project} && codex`,
  ]);

  const [hook] = await listedHooks(place);
  const value = { [textField(hook, "key") ?? ""]: { trusted_hash: textField(hook, "currentHash") } };
  await place.ask("config/batchWrite", { edits: [{ keyPath: "hooks.state", value, mergeStrategy: "upsert" }] });
  await place.session([]);
  assertEquals([hasRun(), await codexHealth.whySkipped?.(look)], [true, undefined]);
});

async function codexPlace({ file }: HealthCase, text: string): Promise<CodexPlace> {
  const installed = await installCodex();
  if (installed.kind === "missing") throw new Error(installed.reason);
  return new CodexPlace(installed.command, { [`project/${file}`]: text });
}

async function listedHooks(place: CodexPlace): Promise<unknown[]> {
  const answer = await place.ask("hooks/list", { cwds: [place.project] });
  const data = field(answer, "data");
  const hooks = field(Array.isArray(data) ? data[0] : undefined, "hooks");
  return Array.isArray(hooks) ? hooks : [];
}

function lookIn(place: CodexPlace, { file }: HealthCase, text: string, read: HealthLook["read"]): HealthLook {
  return { path: `${place.project}/${file}`, text, project: place.project, home: place.home, read };
}

/** Returns a shell and its words without the folder that it was found in, and without the command. */
function shellOf(words: readonly string[]): string {
  const [program, ...rest] = words;
  return [nameOf(program ?? ""), ...rest.slice(0, rest.indexOf("-c") + 1)].join(" ");
}
