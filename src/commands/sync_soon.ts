// After a change of what is projected, the daemon projects it, some seconds after the last change. Nobody waits for that;
// what a person has to do before it can be done, the next hook tells.

import { describeError } from "../base/error.ts";
import { field, numberField } from "../base/decode.ts";
import { folderOf, nameOf, resolvePath } from "../base/path.ts";
import { safeLine } from "../base/safe_text.ts";
import { scheduleSync } from "../daemon/client.ts";
import { type HookEvent, isTelling } from "../hosts/host.ts";
import { repositoryAround } from "../lsp/roots.ts";
import { lookAt, realPath } from "../platform/files.ts";
import { openStore } from "../store/open.ts";
import type { Store } from "../store/store.ts";
import { type Inputs, isDue, mayHaveMore, noteEdited, type SyncedPlace, takeBehind } from "../sync/inputs.ts";
import { isReadAnywhere, mayBeSource } from "../sync/source/names.ts";
import type { Context } from "./command.ts";
import { projectConfig, userConfig } from "./config.ts";
import { workingFolder } from "./lock_use.ts";
import { homeFolder } from "./sync_place.ts";

const usualAfterS = 3;
const afterMaxS = 3_600;

/**
 * Has everything projected that was projected before and whose source has changed since. Returns what an agent is to be
 * told, once, of what could not be projected. Never throws.
 */
export async function syncSoon(context: Context, event: HookEvent): Promise<string[]> {
  const notices: string[] = [];
  try {
    const folder = workingFolder(context, event);
    const afterS = delayS(folder);
    if (afterS === undefined) return [];
    const store = openStore(context.stateFolder(), context.log);
    const home = homeFolder();
    await noteNew(store, folder, event);
    for (const place of placesAround([folder, ...foldersEdited(folder, event)], home)) {
      if (await isDue(store, place) || looksFurther(event) && await mayHaveMore(store, place)) {
        const why = await scheduleSync(context, { ...place, home, afterMs: afterS * 1000 });
        if (why !== undefined) context.log("a sync was not scheduled", { root: place.root, why });
      } else if (isTelling(context.host, event)) {
        const behind = await takeBehind(store, place);
        if (behind !== undefined) notices.push(sayBehind(place, behind));
      }
    }
  } catch (error) {
    context.log("a sync was not scheduled", { why: describeError(error) });
  }
  return notices;
}

/** Returns what an agent is told of a place whose source changed and could not be projected. */
function sayBehind({ scope }: SyncedPlace, { why, choices }: Inputs & { readonly why: string }): string {
  const flags = [scope === "user" ? " --scope user" : "", choices.allowsRules ? " --allow-rules" : ""];
  const command = `truce sync --target ${choices.targets.join(",")}${flags.join("")}`;
  return `truce sync is behind: ${safeLine(why, 500)}. Type ${command} to see what keeps it`;
}

/** Returns how long to wait after the last change: `"sync": { "afterS": 3 }`; `undefined` for `"sync": false`. */
function delayS(folder: string): number | undefined {
  const said = [userConfig(), projectConfig(folder)].map((config) => field(config?.value, "sync"));
  if (said.includes(false)) return undefined;
  const delays = said.map((one) => numberField(one, "afterS")).filter((one) => one !== undefined);
  return Math.min(Math.max(0, delays.at(-1) ?? usualAfterS), afterMaxS);
}

/** Returns the folders of files of a source that were edited: they may be in another project than the session. */
function foldersEdited(folder: string, { tool }: HookEvent): string[] {
  return (tool?.paths ?? []).filter(mayBeSource).map((path) => folderOf(resolvePath(folder, path)));
}

/** Has files that may be new to their project read, of which a look at what was read before would show nothing. */
async function noteNew(store: Store, folder: string, { tool }: HookEvent): Promise<void> {
  for (const path of (tool?.paths ?? []).filter(isReadAnywhere)) {
    const spelled = resolvePath(folder, path);
    const above = realPath(folderOf(spelled)) ?? folderOf(spelled);
    await noteEdited(store, { scope: "project", root: projectAround(above) }, [`${above}/${nameOf(spelled)}`]);
  }
}

/** What was made by other means than an edit is looked for when nobody waits for the next tool. */
function looksFurther({ moment }: HookEvent): boolean {
  return moment === "session-start" || moment === "stop";
}

function placesAround(folders: readonly string[], home: string | undefined): SyncedPlace[] {
  const projects = new Set(folders.map(projectAround).filter((project) => project !== home));
  const places: SyncedPlace[] = [...projects].map((root) => ({ scope: "project", root }));
  return home === undefined ? places : [...places, { scope: "user", root: home }];
}

function projectAround(folder: string): string {
  const real = realPath(folder) ?? folder;
  return repositoryAround(real, (path) => lookAt(path) !== undefined) ?? real;
}
