import type { HookEvent, Moment, Verdict } from "../hosts/host.ts";
import type { Holder } from "../locks/holder.ts";
import { endSession } from "../locks/settle.ts";
import { answerHook } from "./answer_hook.ts";
import { type Command, commonFlags, type Context } from "./command.ts";
import { afterEdit, afterRead, beforeEdit, endOf, hookGraceS, hookWaitS } from "./lock_hooks.ts";
import { openLocks } from "./lock_use.ts";
import { hookSeconds } from "./seconds.ts";

type Handler = (context: Context, event: HookEvent, holder: Holder) => Promise<Verdict>;

const pass: Verdict = { kind: "pass" };

/** All that truce does at each moment, in one process and in order: hosts run the hooks of one event in parallel. */
const handlers: Readonly<Record<Moment, Handler>> = {
  "session-start": (context, event, holder) => endOf(context, event, holder, {}),
  "prompt": (context, event, holder) => endOf(context, event, holder, allCalls),
  "before-tool": (context, event, holder) =>
    event.tool?.action === "edit"
      ? beforeEdit(context, event, holder, hookSeconds(context, "timeout", hookWaitS))
      : Promise.resolve(pass),
  "after-tool": afterTool,
  "tool-failed": afterTool,
  "tool-batch": (context, event, holder) =>
    endOf(context, event, holder, event.batch === undefined ? allCalls : callsOf(event.batch)),
  "stop": (context, event, holder) => endOf(context, event, holder, allCalls),
  "subagent-stop": (context, event, holder) =>
    endOf(context, event, holder, { targets: "held", ending: { kind: "everything" } }),
  "session-end": async (context, _event, holder) => {
    await endSession(openLocks(context), holder);
    return pass;
  },
  "directory-added": (context, event, holder) => endOf(context, event, holder, { addedFolder: event.folder }),
};

/** `truce hook EVENT`: everything that one event of a host needs. */
export const command: Command = {
  usage: `EVENT [--format HOST] [--timeout SECONDS]

  EVENT      ${Object.keys(handlers).join(", ")}, or the host's own name of it
  --timeout  how long an edit waits for its files (default ${hookWaitS})`,
  flags: { values: [...commonFlags.values, "timeout"], switches: commonFlags.switches },
  isHookUse: () => true,
  run: (context) =>
    answerHook(context, (event, holder) => handlers[event.moment](context, event, holder), {
      word: context.args.rest[0],
    }),
};

const allCalls = { targets: "held", ending: { kind: "all calls" } } as const;

function callsOf(callIds: readonly string[]) {
  return { targets: "held", ending: { kind: "calls", callIds } } as const;
}

function afterTool(context: Context, event: HookEvent, holder: Holder): Promise<Verdict> {
  if (event.tool?.action === "edit") return afterEdit(context, event, holder, hookGraceS);
  return event.tool?.action === "read" ? afterRead(context, event, holder) : Promise.resolve(pass);
}
