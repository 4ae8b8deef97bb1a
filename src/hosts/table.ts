import { claude } from "./claude.ts";
import { gemini } from "./gemini.ts";
import type { Host } from "./host.ts";

/** The hosts that truce speaks to, the default first. A further one is one file and one line here. */
export const hosts: readonly Host[] = [claude, gemini];

/** Returns the host called `name`, if there is one. */
export function hostNamed(name: string): Host | undefined {
  return hosts.find((host) => host.name === name);
}
