import { momentOf, moments, nativeNameOf } from "../../src/hosts/host.ts";
import { hostNamed, hosts } from "../../src/hosts/table.ts";
import { assertEquals } from "../support/assert.ts";

Deno.test("hosts have names of their own, and hostNamed() finds each", () => {
  assertEquals(hosts.map(({ name }) => hostNamed(name)?.name), hosts.map(({ name }) => name));
  assertEquals([hostNamed("nobody"), hostNamed(""), hostNamed("constructor")], [undefined, undefined, undefined]);
});

for (const host of hosts) {
  Deno.test(`momentOf() knows the words of ${host.name}, ours, and no others`, () => {
    for (const [word, moment] of Object.entries(host.events)) assertEquals(momentOf(host, word), moment, word);
    for (const moment of moments) assertEquals(momentOf(host, moment), moment);
    for (const word of [undefined, "", "constructor", "__proto__", "sessionstart", "Before-Tool"]) {
      assertEquals(momentOf(host, word), undefined, word);
    }
  });

  Deno.test(`nativeNameOf() repeats what ${host.name} called the event, else finds its name`, () => {
    const told = { hook_event_name: "SomethingNew" };
    assertEquals(nativeNameOf(host, told, "session-start"), "SomethingNew");
    for (const moment of new Set(Object.values(host.events))) {
      assertEquals(momentOf(host, nativeNameOf(host, {}, moment)), moment);
    }
  });

  Deno.test(`${host.name} tells only at moments that it has`, () => {
    assertEquals(host.tellsAt.filter((moment) => !Object.values(host.events).includes(moment)), []);
  });
}
