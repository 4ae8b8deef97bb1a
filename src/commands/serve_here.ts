// The daemon in this process.

import { parseArgs } from "../base/args.ts";
import { resolvePath } from "../base/path.ts";
import { askDaemon } from "../daemon/ask.ts";
import type { AnswerHook } from "../daemon/hook_api.ts";
import { systemTimers } from "../daemon/lifetime.ts";
import { runDaemon } from "../daemon/run.ts";
import type { Server } from "../daemon/server.ts";
import { leaveWorkingFolder, onEndSignal, onUncaught, ownMemory, ownPid } from "../platform/background.ts";
import { buildId } from "../platform/program.ts";
import { writeError } from "../platform/stdio.ts";
import { type Context, type Outcome, silence } from "./command.ts";
import { openLocks, pathFacts } from "./lock_use.ts";
import type { ServeOptions } from "./serve.ts";
import { openPool } from "./serve_pool.ts";
import { commands } from "./table.ts";

const replaceMaxMs = 20_000;

/** Is the daemon until its end, unless one runs. A daemon of another build is replaced. */
export async function serveHere(typed: Context, options: ServeOptions): Promise<Outcome> {
  const isBackground = typed.args.switches.has("background");
  const stateFolder = resolvePath(typed.cwd, typed.stateFolder());
  const context: Context = { ...typed, cwd: "/", stateFolder: () => stateFolder };
  leaveWorkingFolder();
  if (!isBackground) await askDaemon(context, { path: "/health", timeoutMs: replaceMaxMs, effort: "replace" });
  const end = await runDaemon({
    ...options,
    stateFolder,
    build: buildId(),
    pid: ownPid(),
    locks: { locks: openLocks(context), facts: pathFacts },
    diagnoser: openPool(context),
    answerHook: hookAnswerer(context),
    flush: async (request) => await (await import("./sync_flush.ts")).flush(context, request),
    timers: systemTimers,
    log: context.log,
    memory: ownMemory,
    nowMs: () => performance.now(),
    onListening(server, places) {
      onEndSignal((signal) => server.parts.lifetime.end(signal));
      onUncaught((error) => server.note(error));
      if (!isBackground) writeError(`truce serve: ${sayWhere(server, places.socket)}\n`);
    },
  });
  if (isBackground) return silence;
  if (end.kind === "ended") return report(0, `The daemon has ended: ${end.reason}`, { ended: end.reason });
  const who = end.pid === undefined ? "" : ` as process ${end.pid}`;
  return report(1, `The daemon runs already${who}. See: truce serve --status`, { running: true, pid: end.pid });
}

function sayWhere({ identity: { pid, port } }: Server, socket: string): string {
  return `process ${pid} answers on ${socket}${port === undefined ? "" : ` and http://127.0.0.1:${port}`}`;
}

function report(exitCode: 0 | 1, text: string, json: unknown): Outcome {
  return { kind: "report", text, json, exitCode };
}

/** Returns what answers hooks as `truce hook` does, but for what that knows by being a process of the host's. */
function hookAnswerer(context: Context): AnswerHook {
  return async ({ host, moment, payload, timeout, signal }) => {
    const { command } = await commands.hook.load();
    const words = timeout === undefined ? [moment] : [moment, "--timeout", timeout];
    const outcome = await command.run({
      ...context,
      args: parseArgs(words, command.flags),
      host,
      speaker: () => host,
      signal,
      damage: [],
      startMs: context.clock.now().wallMs,
      hostProcess: () => undefined,
      readInput: () => Promise.resolve({ kind: "json", value: payload }),
    });
    return outcome.kind === "reply" ? outcome.reply : undefined;
  };
}
