// Many files of rules judged by Codex with few starts. Equal rules of all files are one, with a number where the reason
// stands: Codex names the reason of each rule that matches, and takes the strictest of them.

import { field, textField } from "../../src/base/decode.ts";
import { assert, assertEquals } from "./assert.ts";
import type { CodexPlace } from "./codex_place.ts";

/** What Codex decides; nothing where no rule is about it. */
export type CodexDecision = "forbidden" | "prompt" | "allow" | undefined;

const decisions = ["forbidden", "prompt", "allow"] as const;
const startsAtOnceMax = 2;
const reason = /^( {4}justification = ")/m;

/** Rules of many files, and what Codex decides by each. */
export class CodexJudge {
  readonly #place: CodexPlace;
  readonly #rules = new Map<string, number>();
  /** The decisions of the rules that match, by their numbers, for each command that was asked for. */
  readonly #matches = new Map<string, ReadonlyMap<number, string>>();

  constructor(place: CodexPlace) {
    this.#place = place;
  }

  /** Takes a file of rules in, and returns it as the numbers of these. */
  take(text: string): ReadonlySet<number> {
    const [, ...rules] = text.split(/^(?=prefix_rule\()/m);
    return new Set(rules.map((rule) => {
      const found = this.#rules.get(rule) ?? this.#rules.size;
      this.#rules.set(rule, found);
      return found;
    }));
  }

  /** Asks Codex for commands, once all files are taken in. */
  async ask(commands: readonly (readonly string[])[]): Promise<void> {
    const path = `${this.#place.home}/all.rules`;
    const numbered = [...this.#rules].map(([rule, number]) => rule.replace(reason, `$1${number}: `));
    Deno.writeTextFileSync(path, numbered.join("\n"));
    const waiting = new Map(commands.map((words) => [words.join("\0"), words])).entries();
    const worker = async () => {
      for (const [key, words] of waiting) {
        const answer = await this.#place.json(["execpolicy", "check", "--rules", path, "--", ...words]);
        this.#matches.set(key, matchesIn(answer));
      }
    };
    await Promise.all(Array.from({ length: startsAtOnceMax }, worker));
  }

  /** Returns what is decided about a command by the rules of one file. */
  decision(rules: ReadonlySet<number>, words: readonly string[]): CodexDecision {
    const matches = this.#matches.get(words.join("\0"));
    assert(matches !== undefined, `nobody asked for ${words.join(" ")}`);
    const own = [...matches].filter(([rule]) => rules.has(rule)).map(([, decision]) => decision);
    return decisions.find((decision) => own.includes(decision));
  }
}

function matchesIn(answer: unknown): Map<number, string> {
  const matched = field(answer, "matchedRules");
  assert(Array.isArray(matched));
  return new Map(matched.map((one) => {
    const rule = field(one, "prefixRuleMatch");
    const number = Number.parseInt(textField(rule, "justification") ?? "");
    const decision = textField(rule, "decision") ?? "";
    assertEquals([Number.isNaN(number), decisions.some((known) => known === decision)], [false, true]);
    return [number, decision];
  }));
}
