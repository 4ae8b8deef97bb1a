// Many agents start at the same moment on a machine that has no state yet.

import { assertEquals } from "../support/assert.ts";
import { hear } from "../support/hook_input.ts";
import { Place } from "../support/place.ts";

const agentsCount = 32;

Deno.test(`truce hook answers ${agentsCount} first runs at once, and protects every one`, async () => {
  using place = new Place();
  // Even agents have a file of their own, odd ones all want the same.
  const fileOf = (agent: number) => agent % 2 === 0 ? `${agent}.txt` : "shared.txt";
  const answers = await Promise.all(Array.from({ length: agentsCount }, (_value, agent) => {
    const act = { session: `agent-${agent}`, paths: [place.write(fileOf(agent))], flags: ["--timeout", "0"] };
    return hear(place, "before-edit", act);
  }));
  const kinds = answers.map(({ kind, text }) => kind === "told" ? text : kind);
  const counts = Object.fromEntries(
    Map.groupBy(kinds, (kind) => kind).entries().map(([kind, all]) => [kind, all.length]),
  );
  assertEquals(counts, { nothing: agentsCount / 2 + 1, denied: agentsCount / 2 - 1 });
  assertEquals((await place.leases()).length, agentsCount / 2 + 1);
});

Deno.test(`truce lock acquire gives ${agentsCount} first comers a turn each`, async () => {
  using place = new Place();
  await Promise.all(Array.from({ length: agentsCount }, async (_value, agent) => {
    const as = ["--as", `agent-${agent}`];
    const options = { deadlineMs: 60_000 };
    const acquired = await place.run(["lock", "acquire", "a.txt", ...as, "--timeout", "60"], options);
    assertEquals([acquired.code, acquired.stderr], [0, ""]);
    const released = await place.run(["lock", "release", "a.txt", ...as, "--grace", "0"], options);
    assertEquals([released.code, released.stderr], [0, ""]);
  }));
  assertEquals(await place.leases(), []);
});
