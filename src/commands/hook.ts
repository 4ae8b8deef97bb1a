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
    return withSync(context, event, await (await after()).endOf(context, event, holder, {}));
  },
  "prompt": endTurn,
  "before-tool": async (context, event, holder) => {
    await endEarlier(context, event, holder);
    if (event.tool?.action !== "edit") return told([]);
    return beforeEdit(context, event, holder, hookSeconds(context, "timeout", hookWaitS));
  },
  "after-tool": afterTool,
  "tool-failed": afterTool,
  "tool-batch": async (context, event, holder) => {
    const ended = event.batch === undefined ? allCalls : callsOf(event.batch);
    return withSync(context, event, await (await after()).endOf(context, event, holder, ended));
  },
  "stop": endTurn,
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
    answerHook(context, (...about) => handlers[about[1].moment](...about), { word: context.args.rest[0] }),
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
  return event.tool?.paths.some(mayBeSource) ? withSync(context, event, verdict) : verdict;
}

async function endTurn(context: Context, event: HookEvent, holder: Holder): Promise<Verdict> {
  return withSync(context, event, await endWithFolders([context, event, holder], allCalls));
}

/** Hosts write down late which folders a session has, so it is looked up again at every turn. */
async function endWithFolders(about: Parameters<Handler>, settlement: Partial<Settlement>): Promise<Verdict> {
  await endEarlier(...about);
  await (await folders()).syncRoots(...about);
  return (await after()).endOf(...about, settlement);
}

async function endEarlier(context: Context, event: HookEvent, holder: Holder): Promise<void> {
  if (context.host.isSerial) await (await import("./earlier_calls.ts")).endEarlierCalls(context, event, holder);
}

/** Has what was changed projected, and adds to `verdict` what keeps that from being done. */
async function withSync(context: Context, event: HookEvent, verdict: Verdict): Promise<Verdict> {
  const notices = await (await import("./sync_soon.ts")).syncSoon(context, event);
  if (notices.length === 0 || verdict.kind === "deny") return verdict;
  return told(verdict.kind === "tell" ? [verdict.text, ...notices] : notices);
}

function after() {
  return import("./after_tool.ts");
}

function folders() {
  return import("./session_folders.ts");
}
