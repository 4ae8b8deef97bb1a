import { claude } from "./claude.ts";
import { codex } from "./codex.ts";
import { copilot } from "./copilot.ts";
import { gemini } from "./gemini.ts";
import type { Host } from "./host.ts";
import { opencode } from "./opencode.ts";

/** The hosts that truce speaks to, the default first. A further one is one file and one line here. */
export const hosts: readonly Host[] = [claude, gemini, codex, copilot, opencode];

/** Returns the host called `name`, if there is one. */
export function hostNamed(name: string): Host | undefined {
  return hosts.find((host) => host.name === name);
}
