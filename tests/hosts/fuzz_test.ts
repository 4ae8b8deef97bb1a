// Payloads as no host should send them: captured ones with fields gone, renamed, of another kind, or in another place.
// Whatever comes in, nothing is thrown, and what goes out is silence or a reply that the host accepts.

import { asObject, field, type JsonObject, textField } from "../../src/base/decode.ts";
import { type HookEvent, type Host, momentOf, moments, type Verdict } from "../../src/hosts/host.ts";
import { speakerOf } from "../../src/hosts/speaker.ts";
import { hosts } from "../../src/hosts/table.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { fixture, fixtureNames } from "../support/payloads.ts";
import { Place } from "../support/place.ts";
import { type Dice, diceOf, oneOf, randomValue } from "../support/random_file.ts";

const payloadsEach = 20_000;
/** As many go through the program itself, which takes a process each. */
const processesEach = 40;

const verdicts: readonly Verdict[] = [
  { kind: "pass" },
  { kind: "tell", text: "TEXT" },
  { kind: "deny", reason: "TEXT" },
];

/** The replies that a host was seen to accept, with the name of the event in place of `EVENT`. */
const nested = [
  `{"hookSpecificOutput":{"hookEventName":EVENT,"additionalContext":"TEXT"}}`,
  `{"hookSpecificOutput":{"hookEventName":EVENT,"permissionDecision":"deny","permissionDecisionReason":"TEXT"}}`,
];
const accepted: Readonly<Record<string, readonly string[]>> = {
  claude: nested,
  gemini: [nested[0], `{"decision":"deny","reason":"TEXT"}`],
  codex: nested,
  copilot: [`{"additionalContext":"TEXT"}`, `{"permissionDecision":"deny","permissionDecisionReason":"TEXT"}`],
  opencode: [`{"tell":"TEXT"}`, `{"deny":"TEXT"}`],
};

for (const host of hosts) {
  Deno.test(`${host.name} takes ${payloadsEach} payloads that no host should send`, () => {
    const originals = fixtureNames(host).map((name) => fixture(host, name));
    for (let seed = 1; seed <= payloadsEach; seed++) {
      const dice = diceOf(seed);
      const payload = mutated(dice, oneOf(dice, originals));
      try {
        check(host, dice, payload);
      } catch (error) {
        throw new Error(`seed ${seed}: ${JSON.stringify(payload).slice(0, 1000)}`, { cause: error });
      }
    }
  });

  Deno.test(`truce hook exits with 0 whatever ${host.name} sends, with silence or one reply that it accepts`, async () => {
    using place = new Place();
    const originals = fixtureNames(host).map((name) => fixture(host, name));
    for (let seed = 1; seed <= processesEach; seed++) {
      const dice = diceOf(seed);
      const text = garbled(dice, JSON.stringify(mutated(dice, oneOf(dice, originals))));
      const words = ["hook", oneOf(dice, wordsOf(host)), "--format", host.name, "--timeout", "0"];
      const { code, stdout, stderr } = await place.run(words, { stdin: text });
      assertEquals([code, stderr], [0, ""], `seed ${seed}: ${text}`);
      if (stdout !== "") assertAccepted(host, asObject(JSON.parse(stdout)));
    }
  });
}

function check(host: Host, dice: Dice, payload: JsonObject): void {
  const moment = momentOf(host, oneOf(dice, wordsOf(host)));
  assert(speakerOf(payload, { format: host.name, hasVariable: () => true }) !== undefined);
  if (moment === undefined) return;
  const event = host.decode(payload, moment);
  assertSound(event);
  for (const verdict of verdicts) {
    const reply = host.encode(event, verdict);
    if (reply !== undefined) assertAccepted(host, reply);
  }
}

function wordsOf(host: Host): string[] {
  return [...moments, ...Object.keys(host.events), "nothing-known"];
}

/** Fails when a field of an event is not what its type says. */
function assertSound({ sessionId, agentId, agentName, cwd, tool, batch, folder, transcriptPath, delivery }: HookEvent) {
  const texts = [sessionId, agentId, agentName, cwd, folder, transcriptPath, delivery].filter((one) =>
    one !== undefined
  );
  const paths = [...tool?.paths ?? [], ...tool?.shown.flatMap(({ path, text }) => [path, text]) ?? [], ...batch ?? []];
  for (const text of [...texts, ...paths]) assertEquals(typeof text, "string");
  assertEquals(typeof (tool?.callId ?? ""), "string");
}

/** Fails unless a reply is one of those that the host accepts, whatever its texts are. */
function assertAccepted(host: Host, reply: JsonObject | undefined): void {
  const event = textField(field(reply, "hookSpecificOutput"), "hookEventName");
  const forms = accepted[host.name].map((form) => form.replace("EVENT", JSON.stringify(event ?? "")));
  const texts = JSON.stringify(reply, (name, value) => typeof value === "string" && isText(name) ? "TEXT" : value);
  assert(forms.includes(texts), texts);
}

function isText(name: string): boolean {
  return ["additionalContext", "permissionDecisionReason", "reason", "tell", "deny"].includes(name);
}

/** Returns a payload after some changes at random places. */
function mutated(dice: Dice, payload: JsonObject): JsonObject {
  let changed = payload;
  for (let count = 1 + dice(4); count > 0; count--) changed = asObject(changedSomewhere(dice, changed)) ?? changed;
  return changed;
}

function changedSomewhere(dice: Dice, value: unknown): unknown {
  const object = asObject(value);
  const names = Object.keys(object ?? {});
  if (object === undefined || names.length === 0) return junk(dice);
  const name = oneOf(dice, names);
  const { [name]: old, ...rest } = object;
  switch (dice(6)) {
    case 0:
      return rest;
    case 1:
      return {
        ...rest,
        [oneOf(dice, ["tool_input", "toolArgs", "path", "timestamp", "__proto__", "input", "tool"])]: old,
      };
    case 2:
      return { ...object, [name]: junk(dice) };
    default:
      return { ...object, [name]: changedSomewhere(dice, old) };
  }
}

function junk(dice: Dice): unknown {
  return oneOf(dice, [
    null,
    true,
    -1,
    1e308,
    "",
    "\0",
    "\ud800",
    "../../x",
    "*** Begin Patch\n*** Add File: \n*** End Patch",
    "x".repeat(5_000),
    `${"\n".repeat(20_000)}apply_patch\n*** Begin Patch\n*** Add File: a${" ".repeat(20_000)}b`,
    [],
    [null, { path: 1 }],
    {},
    randomValue(dice),
  ]);
}

/** Returns a text cut off, or with a letter in it that does not belong there; often as it was. */
function garbled(dice: Dice, text: string): string {
  const at = dice(text.length);
  return oneOf(dice, [text, text, text.slice(0, at), `${text.slice(0, at)}\u0000${text.slice(at)}`]);
}
