import { namesIn } from "./files.ts";

const pageBytes = 4096;

/** Returns the bytes of memory that process `pid` and those below it have; 0 where the system does not tell. */
export function treeMemory(pid: number): number {
  if (Deno.build.os !== "linux") return 0;
  const below = new Map<number, number[]>();
  for (const name of namesIn("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(/\)\s\S\s(\d+)/.exec(readOrNothing(`/proc/${name}/stat`))?.[1]);
    below.set(parent, [...below.get(parent) ?? [], Number(name)]);
  }
  const tree = [pid];
  for (const one of tree) tree.push(...below.get(one) ?? []);
  return tree.reduce((sum, one) => sum + residentBytes(one), 0);
}

/** Reads the second field of `/proc/PID/statm`, see proc(5). */
function residentBytes(pid: number): number {
  return (Number(readOrNothing(`/proc/${pid}/statm`).split(" ")[1]) || 0) * pageBytes;
}

function readOrNothing(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
