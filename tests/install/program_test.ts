import { type AskFacts, isAsking, programToCall } from "../../src/install/program.ts";
import { assertEquals } from "../support/assert.ts";

const here = { typed: undefined, cwd: "/repo", running: "/opt/truce", onPath: undefined };

Deno.test("programToCall() writes a name that PATH has, else the path of the one that runs", () => {
  assertEquals(programToCall(here), "/opt/truce");
  assertEquals(programToCall({ ...here, onPath: "/usr/bin/truce" }), "/opt/truce");
  assertEquals(programToCall({ ...here, onPath: "/opt/truce" }), "truce");
  assertEquals(programToCall({ ...here, running: undefined }), "truce");
});

Deno.test("programToCall() writes what was typed: a name as it is, a path in full", () => {
  assertEquals(programToCall({ ...here, typed: "truce-dev" }), "truce-dev");
  assertEquals(programToCall({ ...here, typed: "./my tools/truce" }), "/repo/my tools/truce");
  assertEquals(programToCall({ ...here, typed: "C:\\my tools\\truce.exe" }), "C:/my tools/truce.exe");
});

const person: AskFacts = {
  isAssumed: false,
  isJson: false,
  isInputTerminal: true,
  isOutputTerminal: true,
  ci: undefined,
};

Deno.test("isAsking() asks a person at a terminal, and nobody else", () => {
  assertEquals(isAsking(person), true);
  assertEquals(isAsking({ ...person, ci: "false" }), true);
  const nobody: readonly Partial<AskFacts>[] = [
    { isAssumed: true },
    { isJson: true },
    { isInputTerminal: false },
    { isOutputTerminal: false },
    { ci: "true" },
    { ci: "1" },
  ];
  for (const fact of nobody) assertEquals([fact, isAsking({ ...person, ...fact })], [fact, false]);
});
