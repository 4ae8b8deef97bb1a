import { ownCall } from "../../src/base/own_command.ts";
import { assertEquals } from "../support/assert.ts";

const stop = "hook stop --format claude";

/** Commands, and the program that each calls when it is a call of truce and nothing else. */
const commands: Readonly<Record<string, string | undefined>> = {
  [`command -v truce >/dev/null 2>&1 || exit 0; exec truce ${stop}`]: "truce",
  [`command -v '/a b/truce' >/dev/null 2>&1 || exit 0; exec '/a b/truce' ${stop}`]: "/a b/truce",
  [`command -v mine >/dev/null 2>&1 || exit 0; exec mine ${stop}`]: "mine",
  [`command -v truce >/dev/null 2>&1 || exit 0; truce serve --http --detach >/dev/null 2>&1; exec truce ${stop}`]:
    "truce",
  [`truce serve --http --detach >/dev/null 2>&1; truce ${stop} 2>/dev/null || exit 0`]: "truce",
  [`truce serve --http --port 9 --detach >/dev/null 2>&1; truce ${stop} 2>/dev/null || exit 0`]: "truce",
  [`'/it'\\''s/truce' ${stop} 2>/dev/null || exit 0`]: "/it's/truce",
  [`if (Get-Command 'truce' -ErrorAction SilentlyContinue) { & 'truce' ${stop} } else { exit 0 }`]: "truce",
  [`if (Get-Command 'truce' -ErrorAction SilentlyContinue) { & 'truce' ${stop} }; exit 0`]: "truce",
  [`where truce >nul 2>nul && truce ${stop}`]: "truce",
  [`if exist "C:\\a b\\truce.exe" "C:\\a b\\truce.exe" ${stop}`]: "C:\\a b\\truce.exe",
  [`truce ${stop}`]: "truce",
  ["  truce hook before-tool --format=claude --timeout 5  "]: "truce",
  ["truce lock acquire --timeout 180 --format claude"]: "truce",
  [`/opt/truce ${stop}`]: "/opt/truce",
  [`my-guard ${stop}`]: undefined,
  [`./lint.sh; truce ${stop}`]: undefined,
  [`truce ${stop} >> notes`]: undefined,
  [`truce ${stop} && ./lint.sh`]: undefined,
  [`truce ${stop}\n./lint.sh`]: undefined,
  [`echo 'see: truce ${stop}'`]: undefined,
  [`command -v truce >/dev/null 2>&1 || exit 0; exec truce ${stop}; ./lint.sh`]: undefined,
  ["truce"]: undefined,
  [""]: undefined,
};

for (const [command, program] of Object.entries(commands)) {
  Deno.test(`ownCall() of ${JSON.stringify(command)}`, () => assertEquals(ownCall(command)?.program, program));
}
