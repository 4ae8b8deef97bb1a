// The files that a permission profile closes, as Claude Code says them: the other way round of profile.ts, for what that
// says exactly. A file that may be read and not written is approximated there, so it is not taken over.

import { asObject, field, textField } from "../../../base/decode.ts";
import type { Imported, Origin, Permission, Skipped } from "../../model.ts";
import { pathGlobs, permissionOf } from "../../permission.ts";
import { workspace } from "./closed.ts";

/** The fields of config.toml that are read here. */
export const profileFields: readonly string[] = ["default_permissions", "permissions"];
const below = "/**";

/** Reads the profile that config.toml selects. */
export function importFileRules(config: unknown, origin: Origin): Imported {
  const profiles = asObject(field(config, "permissions")) ?? {};
  const selected = textField(config, "default_permissions");
  const others = Object.keys(profiles).filter((name) => name !== selected);
  const unselected = others.map((name) => ({ what: `permissions.${name}`, why: "the project does not select it" }));
  const profile = asObject(field(profiles, selected ?? "")) ?? {};
  const extended = textField(profile, "extends");
  const base = selected?.startsWith(":") ? selected : extended;
  const posture = base === undefined || base === ":workspace"
    ? []
    : [{ what: `the profile ${base}`, why: "how much is open at the start is no rule of Claude Code's" }];
  const fields = Object.keys(profile).filter((name) => name !== "extends" && name !== "filesystem");
  const left = fields.map((name) => ({
    what: `permissions.${selected}.${name}`,
    why: "only files are imported from it",
  }));
  const { items, skipped } = rulesIn(asObject(field(profile, "filesystem")) ?? {}, origin);
  return { items, skipped: [...unselected, ...posture, ...left, ...skipped] };
}

function rulesIn(files: Readonly<Record<string, unknown>>, origin: Origin): Imported {
  const inside = Object.entries(asObject(files[workspace]) ?? {});
  const paths = [
    ...Object.entries(files).filter(([path]) => path !== workspace).map(([path, access]) => ({
      path,
      access,
      rule: path.startsWith("/") ? `/${path}` : path,
    })),
    ...inside.map(([path, access]) => ({ path, access, rule: `/${path}` })),
  ];
  const closed = new Set(paths.filter(({ access }) => access === "deny").map(({ rule }) => rule));
  const items: Permission[] = [];
  const skipped: Skipped[] = [];
  for (const { path, access, rule } of paths) {
    if (access === "deny" && rule.endsWith(below) && closed.has(rule.slice(0, -below.length))) continue;
    const permission = permissionOf("deny", `Read(${rule})`, origin);
    if (access !== "deny") skipped.push({ what: `access to ${path}`, why: "only files that are closed are imported" });
    else if (isSaid(permission, path)) items.push(permission);
    else skipped.push({ what: `access to ${path}`, why: "Claude Code has no rule for this pattern" });
  }
  return { items, skipped };
}

/** Says whether Claude Code reads the rule as one for this very path. */
function isSaid(permission: Permission, path: string): boolean {
  const { match } = permission;
  const globs = pathGlobs(permission);
  if (match.tool !== "Read" || match.anchor === "cwd" || globs === undefined) return false;
  const plain = path.replace(/^(?:~\/|\/)/, "");
  return [plain, plain.endsWith(below) ? plain.slice(0, -below.length) : plain].includes(globs.globs[0]);
}
