import { field } from "../../../base/decode.ts";
import { readToml } from "../../../edit/toml.ts";
import type { TargetContext } from "../../model.ts";

/** Says whether Codex reads the project: it does where the user's config.toml says that it is trusted. */
export function trusted({ scope, project = "", home, read }: TargetContext): "yes" | "no" | "unknown" {
  if (scope === "user") return "yes";
  if (home === undefined) return "unknown";
  const path = `${home}/.codex/config.toml`;
  const config = readToml(read(path) ?? "", path);
  return field(field(field(config, "projects"), project), "trust_level") === "trusted" ? "yes" : "no";
}
