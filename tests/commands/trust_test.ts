import { parseArgs } from "../../src/base/args.ts";
import { TruceError } from "../../src/base/error.ts";
import type { Context } from "../../src/commands/command.ts";
import { command } from "../../src/commands/trust.ts";
import { isTrusted } from "../../src/lsp/trust.ts";
import { openStore } from "../../src/store/open.ts";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { Place } from "../support/place.ts";

const text =
  '{ "servers": { "own": { "command": ["./own", "\\u001b[2K"], "settings": { "binPath": "x" } }, "gopls": {} } }';

Deno.test("truce trust shows what it allows, and remembers it until the file changes", async () => {
  using place = new Place();
  const path = place.write("truce.jsonc", text);
  Deno.mkdirSync(`${place.project}/sub`);
  const said = await run(place, "sub");
  assertEquals(said.text.split("\n"), [
    "truce.jsonc may from now on run, or have installed:",
    '  own: command ["./own","\\u001b[2K"]',
    '  own: settings.binPath "x"',
    "truce.jsonc is trusted as it is now; a change needs another truce trust",
  ]);
  const store = openStore(place.state, () => {});
  assertEquals([await isTrusted(store, path, text), await isTrusted(store, path, `${text} `)], [true, false]);
  assertEquals(await run(place, "--revoke"), {
    text: "truce.jsonc is not trusted any more",
    json: { trusted: false, path, wasTrusted: true },
    exitCode: 0,
  });
  assertEquals(await isTrusted(store, path, text), false);
  const again = await run(place, "--revoke");
  assertEquals([again.text, again.exitCode], ["truce.jsonc was not trusted", 1]);
});

Deno.test("truce trust tells programs what it allows", async () => {
  using place = new Place();
  const path = place.write("truce.jsonc", '{ "servers": { "own": { "command": ["own"] } } }');
  const allowed = [{ server: "own", field: "command", value: ["own"] }];
  assertEquals((await run(place)).json, { trusted: true, path, allowed });
  place.write("truce.jsonc", "{}");
  assertEquals((await run(place)).json, { trusted: true, path, allowed: [] });
});

Deno.test("truce trust refuses what it cannot trust", async () => {
  using place = new Place();
  const kindOf = async (...words: string[]) => (await assertRejects(() => run(place, ...words), TruceError)).kind;
  assertEquals(await kindOf(), "unavailable");
  place.write("truce.jsonc", "{ broken");
  assertEquals([await kindOf(), await kindOf("no-such-folder"), await kindOf("a", "b")], [
    "unavailable",
    "usage",
    "usage",
  ]);
});

async function run(place: Place, ...words: string[]): Promise<{ text: string; json: unknown; exitCode: number }> {
  const context = {
    args: parseArgs(words, command.flags),
    log: () => {},
    cwd: place.project,
    stateFolder: () => place.state,
  };
  // A context is made for hosts as well, of whom this command knows nothing.
  const outcome = await command.run(context as unknown as Context);
  if (outcome.kind !== "report") throw new Error("truce trust is for people");
  return { text: outcome.text, json: outcome.json, exitCode: outcome.exitCode };
}
