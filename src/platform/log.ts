import { userId } from "./dirs.ts";
import { appendPrivateText, lookAt, lookThrough, makePrivateFolder, renameFile } from "./files.ts";

const bytesMax = 1024 * 1024;

/** Takes a line for us. Never fails: where it cannot be kept, it is gone. */
export type Log = (fact: string, details?: Record<string, unknown>) => void;

/** Returns the log in `folder`: JSON lines in `NAME.log`, at most 1 MiB, with one older file beside it. */
export function openLog(folder: string, name = "truce"): Log {
  const path = `${folder}/log/${name}.log`;
  return (fact, details = {}) => {
    try {
      const facts = lookAt(path);
      if (facts === undefined && lookThrough(folder)?.owner !== userId()) return;
      if (facts === undefined) makePrivateFolder(`${folder}/log`);
      else if (facts.kind !== "file") return;
      else if (facts.size > bytesMax) renameFile(path, `${path}.1`);
      const line = JSON.stringify({ at: new Date().toISOString(), pid: Deno.pid, fact, ...details });
      appendPrivateText(path, `${line.slice(0, 4096)}\n`);
    } catch {
      // A log that cannot be written must not stop an agent.
    }
  };
}
