import type { HookEvent, Moment, Verdict } from "../hosts/host.ts";
import type { Settlement } from "../locks/settle.ts";
import type { Target } from "../locks/target.ts";
import type { Holder } from "../sessions/holder.ts";
import { mayBeSource } from "../sync/source/names.ts";
import { answerHook } from "./answer_hook.ts";
import { beforeEdit, hookWaitS } from "./before_edit.ts";
import { type Command, commonFlags, type Context } from "./command.ts";
import { told } from "./lock_use.ts";
import { hookSeconds } from "./seconds.ts";

type Handler = (context: Context, event: HookEvent, holder: Holder) => Promise<Verdict>;

/** All that truce does at each moment, in one process and in order: hosts run the hooks of one event in parallel. */
const handlers: Readonly<Record<Moment, Handler>> = {
  "session-start": async (context, event, holder) => {
    await (await folders()).beginSession(context, event, holder);
    await syncSoon(context, event);
    return (await after()).endOf(context, event, holder, {});
  },
  "prompt": (...about) => endWithFolders(about, allCalls),
  "before-tool": (context, event, holder) =>
    event.tool?.action === "edit"
      ? beforeEdit(context, event, holder, hookSeconds(context, "timeout", hookWaitS))
      : Promise.resolve(told([])),
  "after-tool": afterTool,
  "tool-failed": afterTool,
  "tool-batch": async (context, event, holder) => {
    await syncSoon(context, event);
    const ended = event.batch === undefined ? allCalls : callsOf(event.batch);
    return (await after()).endOf(context, event, holder, ended);
  },
  "stop": async (context, event, holder) => {
    await syncSoon(context, event);
    return endWithFolders([context, event, holder], allCalls);
  },
  "subagent-stop": async (...about) => (await after()).endOf(...about, everything),
  "session-end": async (...about) => (await after()).endOfSession(...about),
  "directory-added": (...about) => endWithFolders(about, {}),
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
const everything = { targets: "held", ending: { kind: "everything" } } as const;

function callsOf(callIds: readonly string[]) {
  return { targets: "held", ending: { kind: "calls", callIds } } as const;
}

async function afterTool(context: Context, event: HookEvent, holder: Holder): Promise<Verdict> {
  const action = event.tool?.action ?? "other";
  if (action === "other") return told([]);
  const { afterEdit, afterRead, hookGraceS } = await after();
  if (action === "read") return afterRead(context, event, holder);
  const find = async (targets: readonly Target[]) => {
    const { findingsAfter, usualWanted } = await import("./findings.ts");
    return findingsAfter(context, event, holder, { ...usualWanted, targets });
  };
  const verdict = await afterEdit(context, event, holder, { graceS: hookGraceS, find });
  if (event.tool?.paths.some(mayBeSource)) await syncSoon(context, event);
  return verdict;
}

/** Hosts write down late which folders a session has, so it is looked up again at every turn. */
async function endWithFolders(about: Parameters<Handler>, settlement: Partial<Settlement>): Promise<Verdict> {
  await (await folders()).syncRoots(...about);
  return (await after()).endOf(...about, settlement);
}

async function syncSoon(context: Context, event: HookEvent): Promise<void> {
  await (await import("./sync_soon.ts")).syncSoon(context, event);
}

function after() {
  return import("./after_tool.ts");
}

function folders() {
  return import("./session_folders.ts");
}
