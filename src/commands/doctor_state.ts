// What truce itself needs: its program, a private folder for its state with locks that exclude, and a clock.

import { listLeases } from "../locks/listing.ts";
import { variable } from "../platform/dirs.ts";
import { closeToOthers, lockAtOnce, namesIn, realPath, removeFile } from "../platform/files.ts";
import { runningProgram, versionLine } from "../platform/program.ts";
import { findProgram, searchFolders } from "../platform/programs.ts";
import { modeOf } from "../platform/tree.ts";
import { asSession, sessionKey } from "../sessions/session.ts";
import { openStore } from "../store/open.ts";
import type { Context } from "./command.ts";
import type { Check, Finding } from "./doctor_check.ts";
import { openLocks } from "./lock_use.ts";

/** A holder that has given no sign of life for so long may have forgotten what it locked. */
const silenceS = 900;
const othersMask = 0o077;
const clockSecondsMax = 100 * 365 * 86_400;

export const programCheck: Check = {
  subject: "program",
  look() {
    const own = runningProgram();
    const found = findProgram("truce", searchFolders(variable("PATH") ?? ""));
    const line = { subject: "program", text: versionLine() };
    if (own === undefined) return [{ ...line, level: "ok" }];
    if (found === undefined) {
      const next = `Put a link to ${own} into a folder of PATH`;
      return [{ ...line, level: "warning", text: `${line.text}, which PATH does not have as truce`, next }];
    }
    if (realPath(found) === own) return [{ ...line, level: "ok", text: `${line.text} at ${found}` }];
    const text = `PATH has another truce: ${found}, while this is ${own}`;
    return [{ ...line, level: "warning", text, next: `Remove one of them` }];
  },
};

export const stateCheck: Check = {
  subject: "state",
  async look(context) {
    const root = context.stateFolder();
    await openStore(root, context.log).change(() => {});
    const found = [modeFinding(root), lockFinding(root), damageFinding(root)].filter((one) => one !== undefined);
    return found.length > 0 ? found : [{ level: "ok", subject: "state", text: root }];
  },
};

function modeFinding(root: string): Finding | undefined {
  if (((modeOf(root) ?? 0) & othersMask) === 0) return undefined;
  const text = `${root} is open to other users`;
  return { level: "warning", subject: "state", text, next: `chmod 700 ${root}`, mend: () => closeToOthers(root) };
}

/** Some network file systems grant every lock to everybody. */
function lockFinding(root: string): Finding | undefined {
  const path = `${root}/doctor`;
  const first = lockAtOnce(path);
  const second = lockAtOnce(path);
  const excludes = first !== undefined && second === undefined;
  first?.close();
  second?.close();
  removeFile(path);
  if (excludes) return undefined;
  const text = `${root} is on a file system whose locks exclude nobody, so two agents may get one file`;
  return { level: "error", subject: "state", text, next: "Set TRUCE_STATE_DIR to a folder on a disk of this machine" };
}

function damageFinding(root: string): Finding | undefined {
  const damaged = ["", "sessions", "leases", "sync", "install"].flatMap((folder) => damagedBelow(`${root}/${folder}`));
  if (damaged.length === 0) return undefined;
  const text = `${damaged.length} damaged files were set aside, such as ${damaged[0]}`;
  const mend = () => damaged.forEach(removeFile);
  return { level: "warning", subject: "state", text, next: `Look at it, then remove it: rm ${damaged[0]}`, mend };
}

function damagedBelow(folder: string): string[] {
  const names = namesIn(folder);
  const here = names.filter((name) => name.includes(".corrupt-")).map((name) => `${folder}/${name}`);
  const shards = names.filter((name) => /^[0-9a-f]{2}$/.test(name));
  return [...here, ...shards.flatMap((name) => damagedBelow(`${folder}/${name}`))];
}

export const clockCheck: Check = {
  subject: "clock",
  look({ clock }) {
    const { boot, bootS } = clock.now();
    const isSound = boot !== "" && bootS > 0 && bootS < clockSecondsMax && clock.now().bootS >= bootS;
    if (isSound) return [{ level: "ok", subject: "clock", text: `seconds since boot and boot id can be read` }];
    const text = `the system tells ${bootS} seconds since boot "${boot}": no lease can be timed`;
    return [{ level: "error", subject: "clock", text }];
  },
};

export const locksCheck: Check = {
  subject: "locks",
  look(context: Context) {
    const locks = openLocks(context);
    const now = context.clock.now();
    const listed = listLeases(locks);
    const silent = listed.filter(({ lease: { holder, sinceS } }) => {
      const session = locks.store.peek(sessionKey(holder.key), asSession);
      const seenS = session?.boot === now.boot ? session.seenS : 0;
      return now.bootS - Math.max(seenS, sinceS) > silenceS;
    });
    if (silent.length === 0) return [{ level: "ok", subject: "locks", text: `${listed.length} in force` }];
    return silent.map(({ lease: { target, holder } }): Finding => ({
      level: "warning",
      subject: "locks",
      text: `${target.name} is locked by ${holder.label}, of whom nothing was heard for ${silenceS / 60} min`,
      next: `truce lock break ${target.name}`,
    }));
  },
};
