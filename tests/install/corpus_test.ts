// Every file of the corpus, through install and uninstall on a disk.

import { parseJsonc } from "../../src/base/jsonc.ts";
import { TruceError } from "../../src/base/error.ts";
import { eventsOfOurs, isOurHook } from "../../src/install/registered.ts";
import type { Subject } from "../../src/install/plan.ts";
import { withoutHooks } from "../../src/install/settings.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { corpus, type SettingsCase } from "./corpus.ts";
import { bytesAt, put, Scene } from "./scene.ts";

Deno.test("the corpus has at least 40 files", () => assert(corpus.length >= 40, `${corpus.length}`));

for (const one of corpus) {
  Deno.test(`install of ${one.host ?? "claude"} into settings: ${one.name}`, () => one.error ? fails(one) : holds(one));
}

async function fails({ text, host = "claude", scope, error = /./ }: SettingsCase): Promise<void> {
  using scene = new Scene();
  const [subject, next] = [await scene.subject(host, scope), await scene.subject("codex")];
  if (text !== undefined) put(subject.path, text);
  const before = scene.tree();
  const thrown = await scene.install([next, subject]).then(() => undefined, (thrown) => thrown);
  assert(thrown instanceof TruceError, String(thrown));
  assertMatch(thrown.message, /^Cannot (?:edit|read) "/);
  assertMatch(thrown.message, error);
  assert(thrown.hint !== undefined && thrown.kind === "refused");
  assertEquals(scene.tree(), before, "nothing is written, not even for the other host");
}

async function holds({ text, host = "claude", scope, left }: SettingsCase): Promise<void> {
  using scene = new Scene();
  const subject = await scene.subject(host, scope);
  if (text !== undefined) put(subject.path, text);
  const before = scene.tree();

  assert(await scene.install([subject]));
  const after = bytesAt(subject.path);
  const written = Deno.readTextFileSync(subject.path);
  assertEquals(eventsOfOurs(valueOf(written), subject.host).sort(), eventsWanted(subject).sort());
  assertOthersStay(typeof text === "string" ? text : "", written, subject.host);
  assertMatch(bytesAt(subject.path), /^(?:\xef\xbb\xbf)?[^\xef\xbb\xbf]/);
  if (/\r\n/.test(after)) assertEquals(after.replaceAll("\r\n", "").includes("\n"), false, "one kind of line break");

  assertEquals(await scene.install([subject]), false, "twice changes nothing");
  assertEquals(bytesAt(subject.path), after);

  await scene.uninstall([subject]);
  if (left === undefined) assertEquals(scene.tree(), before);
  else assertEquals(Deno.readTextFileSync(subject.path), left);

  if (text === undefined || left !== undefined) return;
  await scene.install([subject]);
  Deno.writeTextFileSync(subject.path, `${written} `);
  await scene.uninstall([subject]);
  const rest = Deno.readTextFileSync(subject.path);
  assertEquals(eventsOfOurs(valueOf(rest), subject.host), []);
  assertEquals(othersIn(rest, subject.host), othersIn(typeof text === "string" ? text : "", subject.host));
  for (const [comment] of String(text).matchAll(/\/\/.*|\/\*[^]*?\*\//g)) assertStringIncludes(rest, comment);
  assertEquals(withoutHooks(rest, { host: subject.host, path: "" }), rest);
}

function eventsWanted({ settings: { content } }: Subject): string[] {
  return content.kind === "hooks" ? Object.keys(content.hooks({ truce: "truce" })) : [];
}

/** What was there is still there, letter by letter and in its order, and says the same. */
function assertOthersStay(before: string, after: string, host: Parameters<typeof isOurHook>[1]): void {
  assertEquals(othersIn(after, host), othersIn(before, host));
  if (eventsOfOurs(valueOf(before), host).length > 0) return;
  let at = 0;
  for (const letter of after) if (before.startsWith(letter, at)) at += letter.length;
  assertEquals(before.slice(at), "", "what was there before has been changed");
}

/** Returns settings without hooks of ours, and without the lists that held nothing else. */
function othersIn(text: string, host: Parameters<typeof isOurHook>[1]): unknown {
  const { hooks, ...rest } = valueOf(text) as { hooks?: Record<string, unknown[]> };
  const others = Object.entries(hooks ?? {}).map(([event, groups]) => {
    const kept = groups.map((group) => {
      const inner = (group as { hooks?: unknown[] } | null)?.hooks;
      if (inner === undefined) return group;
      const theirs = inner.filter((hook) => !isOurHook(hook, host));
      return theirs.length === 0 && inner.length > 0 ? undefined : { ...group as object, hooks: theirs };
    });
    return [event, kept.filter((group) => group !== undefined)] as const;
  });
  return { ...rest, hooks: Object.fromEntries(others.filter(([, groups]) => groups.length > 0)) };
}

/** Reads as another program would. */
function valueOf(text: string): unknown {
  const body = text.replace(/^\ufeff/, "");
  return /^(?:\s|\/\/.*)*$/.test(body) ? {} : parseJsonc(body);
}
