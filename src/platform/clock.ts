import type { Clock } from "../base/clock.ts";

/** The clock of this machine. Linux tells hundredths of a second and which boot it is; other systems whole seconds. */
export const systemClock: Clock = {
  now: () => ({ boot: bootId(), bootS: bootSeconds(), wallMs: Date.now() }),
};

/** When this process was started, in milliseconds of wall time: hooks of one session are ordered by it. */
export function processStartMs(): number {
  return performance.timeOrigin;
}

let knownBoot: string | undefined;

function bootId(): string {
  return knownBoot ??= Deno.build.os === "linux"
    ? Deno.readTextFileSync("/proc/sys/kernel/random/boot_id").trim()
    : "this boot";
}

function bootSeconds(): number {
  return Deno.build.os === "linux" ? Number.parseFloat(Deno.readTextFileSync("/proc/uptime")) : Deno.osUptime();
}
