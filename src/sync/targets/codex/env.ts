import type { Source, TargetContext, Variable } from "../../model.ts";
import { isSecret } from "../secret.ts";
import { approximated, exact, itemsOf, type Outcome, refused } from "../shared.ts";
import { entry, fateOf, type Part } from "./part.ts";

/** Returns the variables for the commands that Codex runs. */
export function envPart(source: Source, context: TargetContext): Part {
  const variables = itemsOf(source, context, "env").map((item) => ({ item, outcome: fateOfVariable(item) }));
  return {
    entries: variables.filter(({ outcome }) => outcome.outcome !== "refused")
      .map(({ item }) => entry(["shell_environment_policy", "set", item.name], item.value)),
    fates: variables.map(({ item, outcome }) => fateOf(item, outcome)),
  };
}

function fateOfVariable({ name, value }: Variable): Outcome {
  if (isSecret(name, value)) return refused("a secret is written out in it");
  return /^(?:CLAUDE|ANTHROPIC)_/.test(name) ? approximated("it says nothing to Codex, only to commands") : exact;
}
