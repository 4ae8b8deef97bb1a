import type { HostHealth } from "../hosts/health.ts";
import type { Host } from "../hosts/host.ts";
import type { HostSettings } from "../hosts/registration.ts";
import type { SettingsPlace } from "../install/files.ts";
import type { Context } from "./command.ts";

/** How grave a finding is: an error means that truce does not protect. */
export type Level = "ok" | "warning" | "error";

/** One line of `truce doctor`. */
export interface Finding {
  readonly level: Level;
  /** What was looked at, such as `state` or `Codex CLI`. */
  readonly subject: string;
  readonly text: string;
  /** What to type, or to do, to mend it. */
  readonly next?: string;
  /** Mends it, where that harms nobody. */
  mend?(): void | Promise<void>;
}

/** A thing to look at. It may throw, which is a finding, too. */
export interface Check {
  readonly subject: string;
  look(context: Context): Finding[] | Promise<Finding[]>;
}

/** A host, and all that is known of how it is told to call truce. */
export interface Patient {
  readonly host: Host;
  readonly settings: HostSettings;
  readonly health: HostHealth;
  readonly place: SettingsPlace;
}
