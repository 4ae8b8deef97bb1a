// After a change of what is projected, the daemon projects it, some seconds after the last change. Nobody waits for that.

import { describeError } from "../base/error.ts";
import { field, numberField } from "../base/decode.ts";
import { scheduleSync } from "../daemon/client.ts";
import type { HookEvent } from "../hosts/host.ts";
import { repositoryAround } from "../lsp/roots.ts";
import { lookAt, realPath } from "../platform/files.ts";
import { openStore } from "../store/open.ts";
import { isDue, type SyncedPlace } from "../sync/inputs.ts";
import type { Context } from "./command.ts";
import { projectConfig, userConfig } from "./config.ts";
import { workingFolder } from "./lock_use.ts";
import { homeFolder } from "./sync_work.ts";

const usualAfterS = 3;

/** Has everything projected that was projected before and whose source has changed since. Never throws. */
export async function syncSoon(context: Context, event: HookEvent): Promise<void> {
  try {
    const folder = workingFolder(context, event);
    const afterS = delayS(folder);
    if (afterS === undefined) return;
    const store = openStore(context.stateFolder(), context.log);
    for (const place of placesAround(folder)) {
      if (await isDue(store, place)) await scheduleSync(context, { ...place, afterMs: afterS * 1000 });
    }
  } catch (error) {
    context.log("a sync was not scheduled", { why: describeError(error) });
  }
}

/** Returns how long to wait after the last change: `"sync": { "afterS": 3 }`; `undefined` for `"sync": false`. */
function delayS(folder: string): number | undefined {
  const said = [userConfig(), projectConfig(folder)].map((config) => field(config?.value, "sync"));
  if (said.includes(false)) return undefined;
  const delays = said.map((one) => numberField(one, "afterS")).filter((one) => one !== undefined);
  return Math.max(0, delays.at(-1) ?? usualAfterS);
}

function placesAround(folder: string): SyncedPlace[] {
  const real = realPath(folder) ?? folder;
  const home = homeFolder();
  const project = repositoryAround(real, (path) => lookAt(path) !== undefined) ?? real;
  const places: SyncedPlace[] = project === home ? [] : [{ scope: "project", root: project }];
  return home === undefined ? places : [...places, { scope: "user", root: home }];
}
