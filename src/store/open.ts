import type { Log } from "../platform/log.ts";
import { FileStore } from "./file_store.ts";
import type { Store } from "./store.ts";

/** The backends by name. A further one is one file and one line here. */
const backends: Record<string, (root: string, log: Log) => Store> = {
  file: (root, log) => new FileStore(root, log),
};

/** Opens the store whose state is at `root`. Nothing is read or made before it is used. */
export function openStore(root: string, log: Log): Store {
  return backends.file(root, log);
}
