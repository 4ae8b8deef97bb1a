import { asObject, textField } from "../base/decode.ts";
import { TruceError } from "../base/error.ts";
import { runProgram } from "../platform/run_program.ts";
import { dialects } from "../sync/targets/dialects.ts";
import { type Command, commonFlags, type Context, type Outcome } from "./command.ts";

/**
 * `truce hook-shim HOST COMMAND`: runs a hook of the source for another host. What the hook blocks is blocked, in the
 * host's own words; when the shim itself breaks, the host goes on and hears nothing.
 */
export const command: Command = {
  usage: `HOST COMMAND

  HOST     ${Object.keys(dialects).join(", ")}
  COMMAND  the hook, as truce sync has written it for that host`,
  flags: commonFlags,
  isHookUse: () => true,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const [host = "", word = ""] = context.args.rest;
  if (word === "" || !Object.hasOwn(dialects, host)) {
    throw new TruceError("usage", `Cannot run a hook for "${host}": it takes a host and a command`);
  }
  const dialect = dialects[host];
  const input = await context.readInput();
  const payload = input.kind === "json" ? asObject(input.value) : undefined;
  if (payload === undefined) {
    throw new TruceError("unavailable", `Cannot run a hook for "${host}": standard input held no JSON object`);
  }
  const end = await runProgram("sh", ["-c", dialect.commandOf(word)], {
    cwd: textField(payload, "cwd") ?? context.cwd,
    env: dialect.variables(payload, context.cwd),
    stdin: JSON.stringify(dialect.told(payload)),
    endsWithUs: true,
  });
  return { kind: "reply", reply: dialect.reply(payload, end) };
}
