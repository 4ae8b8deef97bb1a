import type { Source, TargetContext, Variable } from "../../model.ts";
import { made, type Part } from "../parts.ts";
import { isSecret } from "../secret.ts";
import { approximated, exact, isWritten, itemsOf, type Outcome, refused } from "../shared.ts";
import { entry } from "./part.ts";

/** Returns the variables for the commands that Codex runs. */
export function envPart(source: Source, context: TargetContext): Part {
  return made("codex", itemsOf(source, context, "env"), (item) => {
    const outcome = fateOfVariable(item);
    const one = entry(["shell_environment_policy", "set", item.name], item.value);
    return { outcome, entries: isWritten(outcome) ? [one] : [] };
  });
}

function fateOfVariable({ name, value }: Variable): Outcome {
  if (isSecret(name, value)) return refused("a secret is written out in it");
  return /^(?:CLAUDE|ANTHROPIC)_/.test(name) ? approximated("it says nothing to Codex, only to commands") : exact;
}
