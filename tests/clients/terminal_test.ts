import { assertEquals, assertRejects } from "../support/assert.ts";
import { makeHome } from "../support/client_project.ts";
import { clientTest } from "../support/clients.ts";
import { Screen } from "../support/screen.ts";
import { startInTerminal, type Terminal } from "../support/terminal.ts";

const drawings: readonly { readonly title: string; readonly written: readonly string[]; readonly text: string }[] = [
  { title: "keeps the cells that a redraw skips", written: ["a two", "\r\x1b[2C\x1b[1m2\x1b[K"], text: "a 2" },
  { title: "puts text where the cursor was sent", written: ["\x1b[2;3Hb\x1b[1Ga\x1b[Hc"], text: "c\na b" },
  { title: "begins a row only when one is full and more comes", written: ["123456\r\nab"], text: "123456\nab" },
  { title: "moves up when the last row is full", written: ["1\r\n2\r\n3\r\n4"], text: "2\n3\n4" },
  { title: "erases below the cursor", written: ["1\r\n2\r\n3\x1b[2;1H\x1b[J"], text: "1" },
  { title: "waits for the rest of a sequence", written: ["a\x1b", "[3", "1mb\x1b]0;title", "\x07c"], text: "abc" },
  { title: "begins anew when a program leaves its own screen", written: ["a\x1b[?1049h\x1b[Hb"], text: "b" },
];

for (const { title, written, text } of drawings) {
  Deno.test(`Screen ${title}`, () => {
    const screen = new Screen(3, 6);
    for (const part of written) screen.write(part);
    assertEquals(screen.text, text);
  });
}

await clientTest("terminal", "startInTerminal() shows what a program asks and hands it what is typed", async () => {
  using folder = makeHome();
  const script = 'test -t 0 && test -t 1 && stty size; printf "Name? "; read -r name; echo "Hello $name"; exit 3';
  await using terminal = await startShell(folder.path, script);
  assertEquals(await terminal.until(/Name\?/), "50 200\nName?");
  await terminal.type("it's me");
  await terminal.until(/me$/);
  await terminal.press("enter");
  assertEquals(await terminal.exitCode(), 3);
  assertEquals(terminal.screen, "50 200\nName? it's me\nHello it's me");
});

await clientTest("terminal", "until() shows the screen of a program that ended without the text", async () => {
  using folder = makeHome();
  await using terminal = await startShell(folder.path, "echo only this");
  await assertRejects(() => terminal.until(/something else/), Error, "before it was over; its screen is:\nonly this");
});

await clientTest("terminal", "a terminal that goes out of scope takes its program along, and nobody else", async () => {
  using folder = makeHome();
  const pids: number[] = [];
  {
    await using terminal = await startShell(
      folder.path,
      `setsid sh -c 'echo "other $$"; exec sleep 60' & echo "own $$"; wait`,
    );
    for (const name of ["own", "other"]) {
      const line = new RegExp(`^${name} (\\d+)$`, "m");
      pids.push(Number(line.exec(await terminal.until(line))?.[1]));
    }
  }
  assertEquals(pids.map(isLive), [false, true]);
  Deno.kill(pids[1], "SIGKILL");
});

function startShell(cwd: string, script: string): Promise<Terminal> {
  return startInTerminal(["/bin/sh", "-c", script], { cwd, env: { PATH: Deno.env.get("PATH") ?? "", TERM: "dumb" } });
}

/** A process that has ended and was not yet collected counts as ended. */
function isLive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
