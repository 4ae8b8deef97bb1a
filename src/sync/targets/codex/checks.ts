// What Codex 0.169.0 can be asked without a network and without starting anything.

import { asObject, field, textField } from "../../../base/decode.ts";
import { readToml } from "../../../edit/toml.ts";
import type { Check, Checks, Judgement, TargetContext } from "../../model.ts";
import { failed, jsonIn } from "../answers.ts";
import { rootOf } from "../shared.ts";

const rulesPath = ".codex/rules/truce.rules";
const examplesMax = 24;

/** How Codex is asked. */
export const checks: Checks = {
  program: "codex",
  reads: [".codex/config.toml", ".codex/hooks.json", ".codex/rules", ".codex/agents"],
  variables: {},
  homeFiles({ scope, project }): Record<string, string> {
    if (scope === "user") return {};
    return { ".codex/config.toml": `[projects.${JSON.stringify(project)}]\ntrust_level = "trusted"\n` };
  },
  list: (context) => [serversCheck(context), ...ruleChecks(context)],
};

function serversCheck(context: TargetContext): Check {
  const path = `${rootOf(context)}/.codex/config.toml`;
  const names = Object.keys(asObject(field(readToml(context.read(path) ?? "", path), "mcp_servers")) ?? {});
  return {
    name: "Codex reads its configuration and lists the servers",
    args: ["mcp", "list", "--json"],
    judge(answer): Judgement {
      const listed = jsonIn(answer.stdout);
      if (answer.code !== 0 || !Array.isArray(listed)) return failed(answer);
      const missing = names.filter((name) => !listed.some((server) => textField(server, "name") === name));
      if (missing.length > 0) return { isOk: false, detail: `it does not list ${missing.join(", ")}` };
      return { isOk: true, detail: `${listed.length} listed` };
    },
  };
}

/** Codex tests each rule with its own examples whenever it reads the file; these ask for what it then decides. */
function ruleChecks(context: TargetContext): Check[] {
  const path = `${rootOf(context)}/${rulesPath}`;
  return deniedExamples(context.read(path) ?? "").slice(0, examplesMax).map((words) => ({
    name: `Codex denies ${words.join(" ")}`,
    args: ["execpolicy", "check", "--rules", path, "--", ...words],
    judge(answer): Judgement {
      if (answer.code !== 0) return failed(answer);
      const decision = textField(jsonIn(answer.stdout), "decision");
      return { isOk: decision === "forbidden", detail: decision ?? "no rule is about it" };
    },
  }));
}

/** Returns the first example of each denial in a file of rules that is ours, see rules.ts. */
function deniedExamples(text: string): string[][] {
  const reasons = new Map<string, string[]>();
  for (const rule of text.split("prefix_rule(")) {
    const [, reason] = /^ {4}justification = (.*),$/m.exec(rule) ?? [];
    const [, examples] = /^ {4}match = (.*),$/m.exec(rule) ?? [];
    if (reason === undefined || reasons.has(reason) || !/^ {4}decision = "forbidden",$/m.test(rule)) continue;
    const parsed = jsonIn(examples ?? "");
    const [first] = Array.isArray(parsed) ? parsed : [];
    if (Array.isArray(first)) reasons.set(reason, first.map(String));
  }
  return [...reasons.values()];
}
