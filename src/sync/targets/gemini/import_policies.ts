// Permissions from a file of policies that truce wrote. An expression cannot be read back, so each rule says in front what
// it was made from; that is taken at its word only where the rules for it still stand below, as they would be written.

import type { Imported, Permission, Server, Skipped, TargetContext } from "../../model.ts";
import { permissionOf } from "../../permission.ts";
import { allowedElsewhere } from "../imported.ts";
import { rootOf } from "../shared.ts";
import { policiesOf } from "./policies.ts";
import { ruleText } from "./policy_file.ts";

const origins = /^# (deny|ask|allow) (.+)$/gm;

/** Reads the file of policies of the scope; `servers` are those that its rules are about. */
export function importPolicies(context: TargetContext, servers: readonly Server[]): Imported {
  const path = `${rootOf(context)}/.gemini/policies/truce.toml`;
  const text = context.read(path) ?? "";
  const items: Permission[] = [];
  const skipped: Skipped[] = [];
  const said = new Map([...text.matchAll(origins)].map(([line, action, rule]) => [line, { action, rule }]));
  for (const { action, rule } of said.values()) {
    const what = `${action} ${rule}`;
    if (action !== "deny" && action !== "ask") {
      skipped.push({ what, why: allowedElsewhere });
      continue;
    }
    const permission = permissionOf(action, rule, { scope: context.scope, path });
    const { rules } = policiesOf([permission], { scope: context.scope, servers });
    if (rules.length > 0 && rules.every((one) => text.includes(ruleText(one)))) items.push(permission);
    else skipped.push({ what, why: "its rules are not as truce writes them" });
  }
  return { items, skipped };
}
