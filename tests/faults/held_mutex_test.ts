// Another process has the mutex and never gives it back: every hook answers, and says once that it could not protect.

import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { hear, type HostName, moments } from "../support/hook_input.ts";
import { Place } from "../support/place.ts";

/** The moments at which each host lets its model read a notice. */
const telling: Record<HostName, readonly string[]> = {
  claude: ["session-start", "prompt", "before-edit", "after-edit", "after-read"],
  gemini: ["session-start", "prompt", "after-edit", "after-read"],
};

for (const host of ["claude", "gemini"] as const) {
  Deno.test(`truce hook answers ${host} while another process keeps the mutex`, async () => {
    using place = new Place();
    const path = place.write("a.txt");
    await hear(place, "session-start", { session: "first", host });
    using _mutex = keepMutex(place);
    await Promise.all(moments.map(async (moment) => {
      const act = { session: `in ${moment}`, host, paths: [path] };
      const answer = await hear(place, moment, act);
      assertEquals(answer.kind, telling[host].includes(moment) ? "told" : "nothing", moment);
      if (answer.kind !== "told") return;
      for (const fact of ["does not protect", "another process has kept its mutex", "fuser"]) {
        assertStringIncludes(answer.text, fact);
      }
      assertEquals((await hear(place, moment, act)).kind, "nothing", "it is told once");
    }));
    assert(place.log().some(({ fact }) => fact === "an agent goes on unprotected"));

    place.write("truce.jsonc", `// ours\n{ "strict": true, }`);
    const denied = await hear(place, "before-edit", { session: "strict", host, paths: [path] });
    assertEquals(denied.kind, "denied");
    assertStringIncludes(denied.text, "strict");
  });
}

Deno.test("truce lock says to a person that another process keeps the mutex, and goes on when it is free", async () => {
  using place = new Place();
  await hear(place, "session-start", { session: "first" });
  const words = ["acquire", "release", "track-read", "break"].map((verb) => ["lock", verb, "a.txt", "--as", "user"]);
  {
    using _mutex = keepMutex(place);
    await Promise.all(words.map(async (typed) => {
      const { code, stdout, stderr } = await place.run(typed);
      assertEquals([code, stdout], [69, ""], typed.join(" "));
      assertStringIncludes(stderr, "another process has kept its mutex");
    }));
    assertEquals(await place.leases(), []);
  }
  assertEquals((await place.run(words[0])).code, 0);
});

/** Takes the lock that every change of the state needs. */
function keepMutex(place: Place): Disposable {
  const file = Deno.openSync(`${place.state}/mutex`, { read: true, write: true });
  file.lockSync(true);
  return { [Symbol.dispose]: () => file.close() };
}
