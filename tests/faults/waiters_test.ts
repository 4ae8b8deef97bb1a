// Those who wait: served in their order, and gone without a trace when they die or give up.

import { within } from "../../src/platform/deadline.ts";
import { watchFile } from "../../src/platform/watch.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { hear, hookOf } from "../support/hook_input.ts";
import { filesBelow, Place } from "../support/place.ts";
import type { Running } from "../support/program.ts";

const deadlineMs = 10_000;
const never = 24 * 3_600_000;

Deno.test("truce lock acquire serves those who wait in their order", async () => {
  using place = new Place();
  await acquire(place, "a").finished;
  const served: string[] = [];
  const waiting = await inLine(place, ["b", "c", "d"]);
  const turns = waiting.map(async ({ as, running }) => {
    assertEquals((await running.finished).code, 0);
    served.push(as);
    await release(place, as);
  });
  await release(place, "a");
  await Promise.all(turns);
  assertEquals(served, ["b", "c", "d"]);
});

for (const signal of ["SIGKILL", "SIGTERM", "SIGINT"] as const) {
  Deno.test(`truce lock acquire that dies of ${signal} while it waits leaves nothing, and the next is served`, async () => {
    using place = new Place();
    await acquire(place, "a").finished;
    const [b, c, d] = await inLine(place, ["b", "c", "d"]);
    b.running.kill(signal);
    await b.running.finished;
    assertEquals((await place.lease("a.txt"))?.waiting, ["c", "d"]);
    await release(place, "a");
    assertEquals((await c.running.finished).code, 0);
    d.running.kill(signal);
    await d.running.finished;
    await release(place, "c");
    assertEquals(await place.leases(), []);
    assertEquals(leftInLine(place), []);
  });
}

Deno.test("truce hook whose shell was ended alone leaves the line, and its host is given nothing later", async () => {
  using place = new Place();
  await acquire(place, "a").finished;
  const { words, stdin } = hookOf("before-edit", { session: "s", paths: ["a.txt"] }, place.project);
  const waiting = place.start(words, { stdin, via: ["sh", "-c", '"$@" || exit 0', "sh"] });
  await place.waiting("a.txt", 1);
  waiting.kill("SIGKILL");
  await place.waiting("a.txt", 0);
  await release(place, "a");
  assertEquals(await place.leases(), []);
});

Deno.test("truce lock acquire that gives up leaves nothing, and the next is served", async () => {
  using place = new Place();
  await acquire(place, "a").finished;
  const late = await acquire(place, "b", "0.05").finished;
  assertEquals(late.code, 1);
  assertEquals((await place.lease("a.txt"))?.waiting, []);
  assertEquals(leftInLine(place), []);
  const [c] = await inLine(place, ["c"]);
  assertEquals((await acquire(place, "d", "0.05").finished).code, 1);
  assertEquals((await place.lease("a.txt"))?.waiting, ["c"]);
  await release(place, "a");
  assertEquals((await c.running.finished).code, 0);
});

Deno.test("truce lock acquire --timeout 0 is in no line", async () => {
  using place = new Place();
  await acquire(place, "a").finished;
  assertEquals((await acquire(place, "b", "0").finished).code, 1);
  const act = { session: "c", paths: [`${place.project}/a.txt`], flags: ["--timeout", "0"] };
  assertEquals((await hear(place, "before-edit", act)).kind, "denied");
  assertEquals((await place.lease("a.txt"))?.waiting, []);
  assertEquals(leftInLine(place), []);
});

Deno.test("truce hook that its host killed while it waited leaves nothing, and what it never got is free", async () => {
  using place = new Place();
  await acquire(place, "a").finished;
  const { words, stdin } = hookOf("before-edit", { session: "b", paths: [`${place.project}/a.txt`] }, place.project);
  const hook = place.start(words, { stdin, env: { CLAUDE_PID: String(Deno.pid) } });
  await place.waiting("a.txt", 1);
  hook.kill("SIGKILL");
  await hook.finished;
  await release(place, "a");
  assertEquals(await place.leases(), []);
  assertEquals((await acquire(place, "c", "0").finished).code, 0);
});

Deno.test("truce lock acquire takes over from a holder whose process died while others waited", async () => {
  using place = new Place();
  const path = place.write("a.txt");
  const host = new Deno.Command("cat", { stdin: "piped" }).spawn();
  await hear(place, "before-edit", { session: "a", paths: [path] }, { env: { CLAUDE_PID: String(host.pid) } });
  const [b, c] = await inLine(place, ["b", "c"]);
  await host.stdin.close();
  await host.status;
  assertEquals((await b.running.finished).code, 0);
  assertEquals((await place.lease(path))?.waiting, ["c"]);
  await release(place, "b");
  assertEquals((await c.running.finished).code, 0);
});

Deno.test("watchFile() tells every time that a file is replaced", async () => {
  using place = new Place();
  const path = place.write("woken.json", "0");
  const watch = watchFile(path);
  for (const text of ["1", "2", "3"]) {
    const changed = watch.changed(never).then(() => true);
    Deno.writeTextFileSync(`${path}.new`, text);
    Deno.renameSync(`${path}.new`, path);
    assert(await within(deadlineMs, changed, false), `change ${text} was told`);
  }
  watch.close();
});

/** Lets some wait for a.txt, each in line before the next comes. */
async function inLine(place: Place, names: readonly string[]): Promise<{ as: string; running: Running }[]> {
  const before = (await place.lease("a.txt"))?.waiting.length ?? 0;
  const waiting: { as: string; running: Running }[] = [];
  for (const as of names) {
    waiting.push({ as, running: acquire(place, as) });
    await place.waiting("a.txt", before + waiting.length);
  }
  return waiting;
}

function acquire(place: Place, as: string, timeoutS = "60"): Running {
  return place.start(["lock", "acquire", "a.txt", "--as", as, "--timeout", timeoutS]);
}

async function release(place: Place, as: string): Promise<void> {
  assertEquals((await place.run(["lock", "release", "a.txt", "--as", as, "--grace", "0"])).code, 0);
}

/** Returns what the state keeps of those who wait, after the next change has cleared it. */
function leftInLine(place: Place): string[] {
  return filesBelow(place.state).filter((path) => /queue|wake\/./.test(path));
}
