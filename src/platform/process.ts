import type { Processes, ProcessId } from "../base/process_id.ts";

/** The processes of this machine. */
export const systemProcesses: Processes = {
  self: () => identify(Deno.pid) ?? { pid: Deno.pid, started: "", space: "" },
  isLive(process) {
    if (process.space !== processSpace()) return true;
    const facts = factsOf(process.pid);
    return facts === "unknown" || (facts !== undefined && facts.started === process.started);
  },
};

const shells = new Set(["sh", "bash", "dash", "ash", "zsh", "ksh", "fish", "busybox", "env", "timeout"]);
const ancestorsMax = 16;
/** Hundredths of a second. What started just before this hook is a wrapper around it, which will be gone after it. */
const wrapperAgeMax = 30;

/**
 * Returns the host that runs this hook: process `namedPid` when the host tells its number, else the nearest ancestor
 * that is neither a shell nor a wrapper. Where the system does not tell, it is the parent.
 */
export function hostProcess(namedPid: string | undefined): ProcessId {
  const named = namedProcess(namedPid);
  if (named !== undefined) return named;
  const own = factsOf(Deno.pid);
  const startedAt = own === undefined || own === "unknown" ? NaN : Number(own.started);
  const host = ancestors().find(({ name, id }) =>
    !shells.has(name) && !(startedAt - Number(id.started) < wrapperAgeMax)
  );
  return host?.id ?? identify(Deno.ppid) ?? { pid: Deno.ppid, started: "", space: processSpace() };
}

/** Returns what is aborted once the process that started this one is gone: a host may end the shell around a hook alone. */
export function parentSignal(): { readonly aborted: boolean } {
  const parent = Deno.ppid;
  return {
    get aborted() {
      return Deno.ppid !== parent;
    },
  };
}

/** Returns the processes above this one, the nearest first, as far as the system tells. */
export function ancestors(): { readonly name: string; readonly id: ProcessId }[] {
  const found = [];
  let pid = Deno.ppid;
  while (found.length < ancestorsMax && pid > 1) {
    const facts = factsOf(pid);
    if (facts === undefined || facts === "unknown") break;
    found.push({ name: facts.name, id: { pid, started: facts.started, space: processSpace() } });
    pid = facts.parent;
  }
  return found;
}

/** Returns the process whose number a host told, if it runs. */
export function namedProcess(namedPid: string | undefined): ProcessId | undefined {
  return identify(Number(namedPid));
}

/** Returns the terminal that this process talks to, such as `pts/3`, or its parent's number when there is none. */
export function terminalName(): string {
  for (const descriptor of [0, 1, 2]) {
    const target = Deno.build.os === "linux" ? readLink(`/proc/self/fd/${descriptor}`) : undefined;
    if (target?.startsWith("/dev/pts/") || target?.startsWith("/dev/tty")) return target.slice("/dev/".length);
  }
  return `process ${Deno.ppid}`;
}

function identify(pid: number): ProcessId | undefined {
  const facts = Number.isSafeInteger(pid) && pid > 0 ? factsOf(pid) : undefined;
  return facts === undefined || facts === "unknown"
    ? undefined
    : { pid, started: facts.started, space: processSpace() };
}

interface ProcessFacts {
  readonly name: string;
  readonly parent: number;
  readonly started: string;
}

/** Returns what the system tells of process `pid`; `undefined` when it is gone, also as a zombie that nobody reaped. */
function factsOf(pid: number): ProcessFacts | "unknown" | undefined {
  if (Deno.build.os === "linux") return linuxFactsOf(pid);
  return Deno.build.os === "windows" ? "unknown" : psFactsOf(pid);
}

/** Reads `/proc/PID/stat`, see proc(5): `pid (name) state parent …`, the start time in field 22. The name may hold `)`. */
function linuxFactsOf(pid: number): ProcessFacts | "unknown" | undefined {
  let stat: string;
  try {
    stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  } catch (error) {
    return error instanceof Deno.errors.PermissionDenied ? "unknown" : undefined;
  }
  const nameEnd = stat.lastIndexOf(")");
  const fields = stat.slice(nameEnd + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return undefined;
  return { name: stat.slice(stat.indexOf("(") + 1, nameEnd), parent: Number(fields[1]), started: fields[19] };
}

/** Asks ps(1), which macOS and the BSDs have in place of /proc. */
function psFactsOf(pid: number): ProcessFacts | "unknown" | undefined {
  try {
    const { success, stdout } = new Deno.Command("ps", {
      args: ["-o", "stat=,ppid=,lstart=,ucomm=", "-p", String(pid)],
      env: { LC_ALL: "C" },
      stderr: "null",
    }).outputSync();
    const [, state, parent, started, name] =
      /^\s*(\S+)\s+(\d+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.*?)\s*$/.exec(new TextDecoder().decode(stdout)) ?? [];
    return !success || state?.startsWith("Z") ? undefined : { name, parent: Number(parent), started };
  } catch {
    return "unknown";
  }
}

let knownSpace: string | undefined;

function processSpace(): string {
  return knownSpace ??= (Deno.build.os === "linux" ? readLink("/proc/self/ns/pid") : undefined) ?? "";
}

function readLink(path: string): string | undefined {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return undefined;
  }
}
