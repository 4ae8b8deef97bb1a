// What Gemini CLI 0.61.0 can be asked without a network. Whatever it is asked, it starts the servers that are allowed;
// a user can allow one by name, so in its home is allowed one that does not exist.

import { field, textList } from "../../../base/decode.ts";
import { safeLine } from "../../../base/safe_text.ts";
import type { Check, Checks, Judgement, TargetContext } from "../../model.ts";
import { failed, unexpected } from "../answers.ts";
import { rootOf } from "../shared.ts";
import { readSettings } from "./settings.ts";

const settingsPath = ".gemini/settings.json";
const none = ["no server is started by a check"];
const complaint =
  /policy file (?:error|warning)|invalid policy|unsafe regex|agent loading error|failed to load|invalid (?:configuration|hook)|unrecognized|^error in/i;
/** How the answer starts, whether there are skills or none. */
const expected = /skills/i;
const detailMax = 600;

/** How Gemini CLI is asked. */
export const checks: Checks = {
  program: "gemini",
  reads: [settingsPath, ".gemini/policies", ".gemini/agents", ".gemini/commands"],
  variables: { GEMINI_CLI_TRUST_WORKSPACE: "true", NO_COLOR: "1" },
  homeFiles(context) {
    const own = context.scope === "user" ? readSettings(context.read(`${rootOf(context)}/${settingsPath}`)) : {};
    return { [settingsPath]: JSON.stringify({ ...own, mcp: { ...Object(own.mcp), allowed: none } }) };
  },
  list: (context) => startsServers(context) ? [] : [complaintsCheck],
};

const complaintsCheck: Check = {
  name: "Gemini CLI reads its settings, policies and agents",
  args: ["skills", "list"],
  judge(answer): Judgement {
    if (answer.code !== 0) return failed(answer);
    const lines = answer.stderr.split("\n").filter((line) => complaint.test(line));
    if (lines.length === 0 && !expected.test(answer.stdout)) return unexpected(answer);
    if (lines.length === 0) return { isOk: true, detail: "no complaint" };
    return { isOk: false, detail: safeLine(lines.join("; "), detailMax) };
  },
};

/** What a project allows by name takes the place of what the user does. */
function startsServers(context: TargetContext): boolean {
  if (context.scope === "user") return false;
  const settings = readSettings(context.read(`${rootOf(context)}/${settingsPath}`));
  return textList(field(settings, "mcp"), "allowed").length > 0;
}
