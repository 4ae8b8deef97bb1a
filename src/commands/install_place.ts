// For whom and where hooks are registered, as install and uninstall are told.

import { TruceError } from "../base/error.ts";
import type { Host } from "../hosts/host.ts";
import { type SettingsScope, settingsScopes } from "../hosts/registration.ts";
import { hostNamed, hosts } from "../hosts/table.ts";
import type { SettingsPlace } from "../install/files.ts";
import type { Subject } from "../install/plan.ts";
import { repositoryAround } from "../lsp/roots.ts";
import { lookAt, realPath } from "../platform/files.ts";
import type { Context } from "./command.ts";
import { homeFolder } from "./sync_place.ts";

/** The names of the hosts, for help. */
export const hostNames = hosts.map(({ name }) => name).join(", ");

/** Returns what was typed: each host once, in the scope that is meant. Throws a TruceError for what is not there. */
export async function subjectsOf({ args, cwd }: Context, verb: "install" | "uninstall"): Promise<Subject[]> {
  const named = [...new Set(args.rest)].map((name) => hostOf(name, verb));
  if (named.length === 0) {
    throw new TruceError("usage", `Cannot ${verb} hooks: no host was named`, {
      hint: `Type truce ${verb} HOST...; the hosts are ${hostNames}`,
    });
  }
  const { isRepository, ...place } = placeAround(cwd);
  const { home, project } = place;
  const scope = scopeOf(args.values.scope) ?? (isRepository && project !== home ? "project" : "user");
  if (scope !== "user" && project === home) {
    throw new TruceError("usage", `Cannot ${verb} hooks for a project in "${project}": it is your home folder`, {
      hint: "Go to a project, or type --scope user",
    });
  }
  return await Promise.all(named.map(async (host) => {
    const settings = await host.settings();
    if (settings.files[scope] !== undefined) return { host, settings, scope, place };
    const known = settingsScopes.filter((name) => settings.files[name] !== undefined).join(", ");
    throw new TruceError("usage", `Cannot use --scope ${scope} for ${settings.title}: its scopes are ${known}`);
  }));
}

/** Returns where settings are for one who is in the folder `cwd`, and whether that is in a repository. */
export function placeAround(cwd: string): SettingsPlace & { readonly isRepository: boolean } {
  const real = realPath(cwd) ?? cwd;
  const repository = repositoryAround(real, (path) => lookAt(path) !== undefined);
  return { home: homeFolder(), project: repository ?? real, isRepository: repository !== undefined };
}

function hostOf(name: string, verb: string): Host {
  const host = hostNamed(name);
  if (host !== undefined) return host;
  throw new TruceError("usage", `Cannot ${verb} hooks for "${name}": the hosts are ${hostNames}`);
}

function scopeOf(word: string | undefined): SettingsScope | undefined {
  const scope = settingsScopes.find((one) => one === word);
  if (word === undefined || scope !== undefined) return scope;
  throw new TruceError("usage", `Cannot use --scope "${word}": it is one of ${settingsScopes.join(", ")}`);
}
