import { within } from "./deadline.ts";

/** Tells when the file at a path changes or goes, by the kernel's word. */
export interface FileWatch {
  /** Resolves at the next change, or after `withinMs`. A change since the last call counts. */
  changed(withinMs: number): Promise<void>;
  close(): void;
}

/** Watches the file at `path`. Where the system has no watch left to give, only the time wakes the caller. */
export function watchFile(path: string): FileWatch {
  const watcher = openWatcher(path);
  let next = watcher?.next();
  return {
    changed(withinMs) {
      const event = next?.then(() => void (next = watcher?.next())) ?? new Promise(() => {});
      return within(withinMs, event, undefined);
    },
    close: () => void watcher?.return?.(),
  };
}

function openWatcher(path: string): AsyncIterator<Deno.FsEvent> | undefined {
  try {
    return Deno.watchFs(path, { recursive: false })[Symbol.asyncIterator]();
  } catch {
    return undefined;
  }
}
