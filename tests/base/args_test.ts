import { parseArgs } from "../../src/base/args.ts";
import { assertEquals } from "../support/assert.ts";

const names = { values: ["timeout", "as"], switches: ["json", "help"] };

/** What is typed, and what it is: values, switches, rest and what is not known. */
const typed: Readonly<Record<string, string>> = {
  "": "{} | | |",
  "lock a.ts": "{} | | lock,a.ts |",
  "--timeout 5 a.ts": '{"timeout":"5"} | | a.ts |',
  "a.ts --timeout=5": '{"timeout":"5"} | | a.ts |',
  "--timeout= --as=a=b": '{"timeout":"","as":"a=b"} | | |',
  "--timeout 1 --timeout 2": '{"timeout":"2"} | | |',
  "--timeout -1": '{"timeout":"-1"} | | |',
  "--timeout": '{"timeout":""} | | |',
  "--json --json a": "{} | json | a |",
  "--json=false --help": "{} | help | | --json=false",
  "--unknown 5 --other=6": "{} | | 5 | --unknown,--other=6",
  "-h -x=1 -": "{} | | - | -h,-x=1",
  "-- --json -x --": "{} | | --json,-x,-- |",
  "a -- --timeout 5": "{} | | a,--timeout,5 |",
  "--constructor --toString=1 --__proto__ a": "{} | | a | --constructor,--toString=1,--__proto__",
  "---json": "{} | | | ---json",
  "--": "{} | | |",
};

for (const [line, parsed] of Object.entries(typed)) {
  Deno.test(`parseArgs() of "${line}"`, () => {
    const { values, switches, rest, unknown } = parseArgs(line.split(" ").filter((word) => word !== ""), names);
    const parts = [JSON.stringify(values), [...switches].join(), rest.join(), unknown.join()];
    assertEquals(parts.join(" | ").replace(/ +/g, " ").trim(), parsed);
  });
}

Deno.test("parseArgs() keeps empty words, and those with blanks", () => {
  const { rest, values } = parseArgs(["", "a b", "--as", ""], names);
  assertEquals([rest, values.as], [["", "a b"], ""]);
});
