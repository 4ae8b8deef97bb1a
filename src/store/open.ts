import type { Log } from "../platform/log.ts";
import { FileStore } from "./file_store.ts";
import type { Store } from "./store.ts";

/** The backends by name. A further one is one file and one line here. */
const backends: Record<string, (root: string, report: Log) => Store> = {
  file: (root, report) => new FileStore(root, report),
};

/** Opens the store whose state is at `root`; `report` is told of damage. Nothing is read or made before it is used. */
export function openStore(root: string, report: Log): Store {
  return backends.file(root, report);
}
