import { TruceError } from "../base/error.ts";

/** A variable of the environment, or `undefined` when it is absent or empty. */
export function variable(name: string): string | undefined {
  return Deno.env.get(name) || undefined;
}

/** Returns the folder of all state: `TRUCE_STATE_DIR`, else `XDG_STATE_HOME/truce`, else the platform's usual place. */
export function stateFolder(): string {
  const named = variable("TRUCE_STATE_DIR");
  if (named !== undefined) return named;
  return `${variable("XDG_STATE_HOME") ?? usualPlace(".local/state")}/truce`;
}

/** Returns the folder of the user's configuration: `XDG_CONFIG_HOME/truce`, else the platform's usual place. */
export function configFolder(): string {
  return `${variable("XDG_CONFIG_HOME") ?? usualPlace(".config")}/truce`;
}

function usualPlace(underHome: string): string {
  if (Deno.build.os === "windows") return variable("LOCALAPPDATA") ?? atHome("AppData/Local");
  return atHome(Deno.build.os === "darwin" ? "Library/Application Support" : underHome);
}

function atHome(path: string): string {
  const home = variable("HOME") ?? variable("USERPROFILE");
  if (home !== undefined) return `${home}/${path}`;
  throw new TruceError("unavailable", `Cannot find "${path}": no home folder is set`, {
    hint: "Set HOME or TRUCE_STATE_DIR",
  });
}

/** Returns the working directory, or `/` when it was removed under us. */
export function workingFolder(): string {
  try {
    return Deno.cwd();
  } catch {
    return "/";
  }
}

/** Returns the user's number; `undefined` where the system has none. */
export function userId(): number | undefined {
  return Deno.uid() ?? undefined;
}
