// What OpenCode 1.18.33 can be asked without a network and without starting anything. `debug agent --tool` would say
// more of a denial, but it runs what is not denied.

import { asObject, field } from "../../../base/decode.ts";
import type { Checks, Judgement } from "../../model.ts";
import { failed, jsonIn, unexpected } from "../answers.ts";
import { configPath, readConfig } from "./config.ts";

/** What it shows for a value whose name looks like that of a secret: `secrets/*`. */
const masked = "***";
const folders = [".opencode", ".config/opencode"];
const parts = ["opencode.json", "opencode.jsonc", "config.json", "agent", "agents", "command", "commands"];

/** How OpenCode is asked. */
export const checks: Checks = {
  program: "opencode",
  reads: ["opencode.json", "opencode.jsonc", ...folders.flatMap((folder) => parts.map((part) => `${folder}/${part}`))],
  variables: { OPENCODE_DISABLE_AUTOUPDATE: "1", OPENCODE_DISABLE_MODELS_FETCH: "1" },
  homeFiles: () => ({}),
  list: (context) => [{
    name: "OpenCode reads its configuration and keeps the denials",
    args: ["--pure", "debug", "config"],
    judge(answer): Judgement {
      const config = asObject(jsonIn(answer.stdout));
      if (answer.code !== 0) return failed(answer);
      if (config === undefined) return unexpected(answer);
      const wanted = denials(readConfig(configPath(context), context));
      const kept = new Set(denials(config, ["deny", masked]));
      const lost = wanted.filter((one) => !kept.has(one));
      if (lost.length > 0) return { isOk: false, detail: `it does not deny ${lost.join(", ")}` };
      return { isOk: true, detail: `${wanted.length} denials` };
    },
  }],
};

/** Returns what a configuration denies, as `tool pattern`. */
function denials(config: unknown, actions: readonly unknown[] = ["deny"]): string[] {
  return Object.entries(asObject(field(config, "permission")) ?? {}).flatMap(([tool, rule]) => {
    if (actions.includes(rule)) return [`${tool} *`];
    return Object.entries(asObject(rule) ?? {}).flatMap(([pattern, action]) =>
      actions.includes(action) ? [`${tool} ${pattern}`] : []
    );
  });
}
