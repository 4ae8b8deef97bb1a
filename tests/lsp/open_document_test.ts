// How long findings are waited for. Each test is a play: events of one document at milliseconds, on a clock of its own.

import type { Diagnostic } from "../../src/lsp/diagnostic.ts";
import { OpenDocument } from "../../src/lsp/open_document.ts";
import { newProfile, type Profile, silent } from "../../src/lsp/profile.ts";
import { assertEquals } from "../support/assert.ts";

const finding: Diagnostic = { line: 1, col: 1, severity: "error", message: "m" };
/** A server that publishes once, 100 ms after each change. */
const steady: Profile = { versions: "none", isSilent: false, delays: [100, 100, 100], pauses: [0, 0, 0] };

function opened(nowMs = 0): OpenDocument {
  return new OpenDocument("file:///a", "toy", "text", "stamp", nowMs);
}

const waits: { what: string; profile: Profile; publishedMs: number[]; nowMs: number; left: number }[] = [
  {
    what: "5 s for the first word of a server that is not known",
    profile: newProfile,
    publishedMs: [],
    nowMs: 0,
    left: 5_000,
  },
  { what: "less for one that was quick before", profile: steady, publishedMs: [], nowMs: 0, left: 1_000 },
  {
    what: "next to nothing for one that says nothing",
    profile: silent(newProfile),
    publishedMs: [],
    nowMs: 0,
    left: 250,
  },
  {
    what: "300 ms more after the first words of one that is not known",
    profile: newProfile,
    publishedMs: [50],
    nowMs: 60,
    left: 290,
  },
  { what: "30 ms more for one that publishes once", profile: steady, publishedMs: [100], nowMs: 110, left: 20 },
  {
    what: "twice the longest pause of one that publishes in rounds",
    profile: { ...steady, pauses: [0, 200, 0] },
    publishedMs: [100],
    nowMs: 100,
    left: 400,
  },
  {
    what: "never more than a second between rounds",
    profile: { ...steady, pauses: [1_900] },
    publishedMs: [100],
    nowMs: 100,
    left: 1_000,
  },
  { what: "from the last publication on", profile: steady, publishedMs: [100, 120], nowMs: 120, left: 30 },
];

for (const { what, profile, publishedMs, nowMs, left } of waits) {
  Deno.test(`waitMs() is ${what}`, () => {
    const document = opened();
    const learned = publishedMs.reduce((known, atMs) => document.publish([finding], known, atMs), profile);
    assertEquals(document.waitMs(learned, nowMs), left);
  });
}

Deno.test("waitMs() takes longer when the content before had no answer yet, since that may still come", () => {
  const document = opened();
  document.replace("second", "stamp 2", 50);
  document.publish([finding], steady, 100);
  assertEquals(document.waitMs(steady, 100), 100);
});

Deno.test("waitMs() has no such doubt about a server that tells the version", () => {
  const document = opened();
  document.replace("second", "stamp 2", 50);
  const counting: Profile = { ...steady, versions: "right" };
  document.publish([finding], counting, 100);
  assertEquals(document.waitMs(counting, 100), 30);
});

Deno.test("replace() forgets the findings of the content before", () => {
  const document = opened();
  document.publish([finding], newProfile, 10);
  document.pulled = [finding];
  document.isConcluded = true;
  document.replace("second", "stamp 2", 20);
  assertEquals([document.findings, document.isConcluded, document.version], [[], false, 2]);
});

Deno.test("publish() learns of a round that came after the answer", () => {
  const document = opened();
  const first = document.publish([], newProfile, 100);
  document.isConcluded = true;
  const profile = document.publish([finding], document.lesson(first), 600);
  assertEquals(profile.pauses, [0, 500]);
});

Deno.test("publish() does not learn to wait for what comes much later", () => {
  const document = opened();
  document.publish([], newProfile, 100);
  document.isConcluded = true;
  assertEquals(document.publish([finding], newProfile, 5_000).pauses, [0]);
});
