import type { Wire } from "./scripted_wire.ts";
import type { Action } from "./server_script.ts";

/** What an action acts through. */
export interface Acting {
  readonly wire: Wire;
  /** The request that is to be answered, at the moment of one. */
  readonly requestId: number | string | undefined;
  /** Resolves once `what` has happened so many times. */
  after(what: string, count: number): Promise<void>;
}

const bytesPerMebibyte = 1024 * 1024;
const eaten: Uint8Array[] = [];
let progressCount = 0;

/** Does one step of a rule. Returns whether the request has its answer with that. */
export async function act(action: Action, { wire, requestId, after }: Acting): Promise<boolean> {
  switch (action.kind) {
    case "gate":
      await opened(action.path);
      return false;
    case "after":
      await after(action.what, action.count);
      return false;
    case "sleep":
      await new Promise((resolve) => setTimeout(resolve, action.ms));
      return false;
    case "hang":
      await new Promise(() => {});
      return false;
    case "freeze":
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      return false;
    case "exit":
      return wire.end(action.code);
    case "die":
      Deno.kill(Deno.pid, "SIGKILL");
      await new Promise(() => {});
      return false;
    case "fail":
      wire.send({ id: requestId, error: { code: action.code, message: action.message } });
      return true;
    case "answer":
      wire.send({ id: requestId, result: action.result });
      return true;
    case "send":
      wire.send(action.message);
      return false;
    case "ask":
      await wire.ask(action.method, action.params);
      return false;
    case "progress":
      await showProgress(wire, action);
      return false;
    case "raw":
      wire.write(Uint8Array.from(action.text, (character) => character.charCodeAt(0)));
      return false;
    case "flood": {
      const message = "x".repeat(action.mebibytes * bytesPerMebibyte);
      wire.send({ method: "window/logMessage", params: { type: 4, message } });
      return false;
    }
    case "complain":
      for (let round = 0; round < (action.times ?? 1); round++) console.error(action.text);
      return false;
    case "eat":
      eaten.push(new Uint8Array(action.mebibytes * bytesPerMebibyte).fill(1));
      return false;
  }
}

async function showProgress(wire: Wire, { title, percents, gate }: Action & { kind: "progress" }): Promise<void> {
  const token = `progress ${++progressCount}`;
  const tell = (value: object) => wire.send({ method: "$/progress", params: { token, value } });
  await wire.ask("window/workDoneProgress/create", { token });
  tell({ kind: "begin", title, percentage: 0 });
  for (const percentage of percents) tell({ kind: "report", percentage });
  if (gate !== undefined) await opened(gate);
  tell({ kind: "end" });
}

/** Resolves once there is a file at `path`. The kernel tells, so nobody waits longer than the file is absent. */
async function opened(path: string): Promise<void> {
  using watch = Deno.watchFs(path.slice(0, path.lastIndexOf("/")));
  if (exists(path)) return;
  for await (const _ of watch) if (exists(path)) return;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
