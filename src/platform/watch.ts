import { within } from "./deadline.ts";

/** Tells when the file at a path changes or goes, by the kernel's word. */
export interface FileWatch {
  /** Resolves at the next change, or after `withinMs`. */
  changed(withinMs: number): Promise<void>;
  close(): void;
}

/**
 * Watches the file at `path`. A rename onto it ends the watch of what was there, so the watch is opened again after every
 * event; who looks at the file after `changed` misses nothing. Where the system has no watch left, only the time wakes.
 */
export function watchFile(path: string): FileWatch {
  let watcher = openWatcher(path);
  return {
    async changed(withinMs) {
      const event = watcher?.next().then(() => true) ?? new Promise<boolean>(() => {});
      if (!await within(withinMs, event, false)) return;
      watcher?.return?.();
      watcher = openWatcher(path);
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
