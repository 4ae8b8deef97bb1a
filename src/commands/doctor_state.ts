// What truce itself needs: its program, a private folder for its state with locks that exclude, and a clock.

import { asObject } from "../base/decode.ts";
import { TruceError } from "../base/error.ts";
import { resolvePath } from "../base/path.ts";
import { shellWord } from "../hosts/registration.ts";
import { hosts } from "../hosts/table.ts";
import { listLeases } from "../locks/listing.ts";
import { ownPid } from "../platform/background.ts";
import { closeToOthers, lockAtOnce, namesIn, readText, realPath, removeFile } from "../platform/files.ts";
import { runningProgram, versionLine } from "../platform/program.ts";
import { modeOf } from "../platform/tree.ts";
import { asSession, sessionKey } from "../sessions/session.ts";
import { openStore } from "../store/open.ts";
import type { Context } from "./command.ts";
import type { Check, Finding } from "./doctor_check.ts";
import { onPath, otherTruce } from "./doctor_program.ts";
import { openLocks } from "./lock_use.ts";

/** A session that has given no sign of life for so long may have forgotten what it locked by hand. */
const silenceS = 900;
const othersMask = 0o077;
const clockSecondsMax = 100 * 365 * 86_400;
/** Where the store keeps records, and who else sets damaged files aside. */
const recordFolders = ["", "leases", "sessions", "texts", "inputs", "wake", "losses", "trust"];
const recordsMax = 10_000;
const moveState = 'export TRUCE_STATE_DIR="/var/tmp/truce-$(id -u)"';

export const programCheck: Check = {
  subject: "program",
  async look({ cwd }) {
    const own = runningProgram();
    const found = onPath("truce");
    const line = { subject: "program", text: versionLine() };
    if (own === undefined) return [{ ...line, level: "ok" }];
    if (found === undefined) {
      const text = `${line.text} is not on PATH as truce: link it into a folder that is`;
      return [{ ...line, level: "warning", text, next: `ln -s ${shellWord(own)} ~/.local/bin/truce` }];
    }
    if (realPath(found) === own) return [{ ...line, level: "ok", text: `${line.text} at ${found}` }];
    const other = (await otherTruce(found, cwd))?.why ?? "of the same version";
    const text = `PATH has another truce, ${found}, while this is ${own}: ${other}`;
    return [{ ...line, level: "warning", text, next: `ln -sf ${shellWord(own)} ${shellWord(found)}` }];
  },
};

export const stateCheck: Check = {
  subject: "state",
  async look(context) {
    const root = resolvePath(context.cwd, context.stateFolder());
    try {
      await openStore(root, context.log).change(() => {});
    } catch (error) {
      if (!(error instanceof TruceError)) throw error;
      const text = [error.message, error.hint].filter((part) => part !== undefined).join(". ");
      return [{ level: "error", subject: "state", text, next: moveState }];
    }
    const found = [modeFinding(root), lockFinding(root), damageFinding(context, root), ...keptFindings(root)]
      .filter((one) => one !== undefined);
    return found.length > 0 ? found : [{ level: "ok", subject: "state", text: root }];
  },
};

function modeFinding(root: string): Finding | undefined {
  if (((modeOf(root) ?? 0) & othersMask) === 0) return undefined;
  const text = `${root} is open to other users`;
  const next = `chmod 700 ${shellWord(root)}`;
  return { level: "warning", subject: "state", text, next, mend: () => closeToOthers(root) };
}

/** Some network file systems grant every lock to everybody. */
export function lockFinding(
  root: string,
  lock: (path: string) => { close(): void } | undefined = lockAtOnce,
): Finding | undefined {
  const path = `${root}/doctor-${ownPid()}`;
  const first = lock(path);
  const second = lock(path);
  const excludes = first !== undefined && second === undefined;
  first?.close();
  second?.close();
  removeFile(path);
  if (excludes) return undefined;
  const text = `${root} is on a file system whose locks exclude nobody, so two agents may get one file: ` +
    "keep the state on a disk of this machine";
  return { level: "error", subject: "state", text, next: moveState };
}

function damageFinding(context: Context, root: string): Finding | undefined {
  const records = recordFolders.flatMap((folder) => recordsBelow(root, folder)).slice(0, recordsMax);
  const damaged = records.filter((name) => name.includes(".corrupt-") || isDamaged(`${root}/${name}`));
  if (damaged.length === 0) return undefined;
  const example = `${root}/${damaged[0]}`;
  const what = damaged.length === 1
    ? `${example} is damaged`
    : `${damaged.length} files are damaged, such as ${example}`;
  const text = `${what}, which --fix removes`;
  const mend = () => removeDamaged(context, root, damaged);
  return { level: "warning", subject: "state", text, next: "truce doctor --fix", mend };
}

/** Records that are kept for one file or project each. What is left in them may be all that is known of it. */
function keptFindings(root: string): Finding[] {
  const kept = [
    ...namesIn(`${root}/sync`).map((name) => ({
      path: `${root}/sync/${name}/record.json`,
      cost: "truce sync takes what it wrote there for a person's",
    })),
    ...namesIn(`${root}/install`).filter((name) => name.endsWith(".json")).map((name) => ({
      path: `${root}/install/${name}`,
      cost: "truce uninstall cannot put back what was there before",
    })),
  ];
  return kept.slice(0, recordsMax).filter(({ path }) => isDamaged(path)).map(({ path, cost }): Finding => {
    const next = `mv ${shellWord(path)} ${shellWord(`${path}.damaged`)}`;
    return { level: "warning", subject: "state", text: `${path} is damaged: ${cost}`, next };
  });
}

/** Returns the names of records below a folder, and of what was set aside there. */
function recordsBelow(root: string, folder: string): string[] {
  const names = namesIn(`${root}/${folder}`).map((name) => folder === "" ? name : `${folder}/${name}`);
  const shards = folder === "" ? [] : names.filter((name) => /^[a-z]+\/[0-9a-f]{2}$/.test(name));
  const records = names.filter((name) => /\.json(?:$|\.corrupt-)/.test(name));
  return [...records, ...shards.flatMap((shard) => recordsBelow(root, shard))];
}

function isDamaged(path: string): boolean {
  try {
    const text = readText(path);
    return text !== undefined && asObject(JSON.parse(text)) === undefined;
  } catch {
    return true;
  }
}

/** The store sets aside what it finds damaged, so that nobody loses what was written meanwhile. */
async function removeDamaged(context: Context, root: string, damaged: readonly string[]): Promise<void> {
  const keys = damaged.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));
  await openStore(root, context.log).change((tx) => keys.forEach((key) => tx.get(key, (record) => record)));
  const aside = recordFolders.flatMap((folder) => recordsBelow(root, folder))
    .filter((name) => name.includes(".corrupt-"));
  for (const name of aside) removeFile(`${root}/${name}`);
}

export const clockCheck: Check = {
  subject: "clock",
  look({ clock }) {
    const { boot, bootS } = clock.now();
    const isSound = boot !== "" && bootS > 0 && bootS < clockSecondsMax && clock.now().bootS >= bootS;
    if (isSound) return [{ level: "ok", subject: "clock", text: "seconds since boot and boot id can be read" }];
    const text = `the system tells ${bootS} seconds since boot "${boot}": no lease can be timed`;
    return [{ level: "error", subject: "clock", text, next: "cat /proc/uptime /proc/sys/kernel/random/boot_id" }];
  },
};

/** A lease on an edit ends by itself when its session is silent. One that was taken by hand stays for its time. */
export const locksCheck: Check = {
  subject: "locks",
  look(context) {
    const locks = openLocks(context);
    const now = context.clock.now();
    const listed = listLeases(locks);
    const silent = listed.filter(({ lease: { holder, sinceS } }) => {
      const session = locks.store.peek(sessionKey(holder.key), asSession);
      const seenS = session?.boot === now.boot ? session.seenS : 0;
      return isAgent(holder.label) && now.bootS - Math.max(seenS, sinceS) > silenceS;
    });
    if (silent.length === 0) return [{ level: "ok", subject: "locks", text: `${listed.length} in force` }];
    return silent.map(({ lease: { target, holder } }): Finding => ({
      level: "warning",
      subject: "locks",
      text: `${target.name} is locked by ${holder.label}, of whom nothing was heard for ${silenceS / 60} min`,
      next: `truce lock break ${target.kind === "resource" ? "--resource " : ""}${shellWord(target.name)}`,
    }));
  },
};

/** A person gives no signs of life, and knows for how long a lock was asked for. */
function isAgent(label: string): boolean {
  return hosts.some(({ name }) => label.startsWith(`${name} session `));
}
