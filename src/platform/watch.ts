import { within } from "./deadline.ts";

/** Tells when the file at a path changes or goes, by the kernel's word. */
export interface FileWatch {
  /** Resolves at the next change, or after `withinMs`. */
  changed(withinMs: number): Promise<void>;
  close(): void;
}

/**
 * Watches the file at `path`. A rename onto it ends the watch of what was there, so the watch is opened again after every
 * event; who looks at the file after `changed` misses nothing. One event is waited for at a time, over all calls that
 * ran out of time. Where the system has no watch left, only the time wakes.
 */
export function watchFile(path: string): FileWatch {
  let watcher: Deno.FsWatcher | undefined;
  let isClosed = false;
  const nextEvent = async () => {
    watcher = openWatcher(path);
    await (watcher === undefined ? new Promise(() => {}) : watcher[Symbol.asyncIterator]().next());
    if (isClosed) return;
    watcher?.close();
    event = nextEvent();
  };
  let event = nextEvent();
  return {
    changed: (withinMs) => within(withinMs, event, undefined),
    close() {
      isClosed = true;
      watcher?.close();
    },
  };
}

function openWatcher(path: string): Deno.FsWatcher | undefined {
  try {
    return Deno.watchFs(path, { recursive: false });
  } catch {
    return undefined;
  }
}
