// Rules for the shell, as Codex's own rules for commands: words that a command begins with, and what becomes of it. Each
// carries its own tests, which Codex runs whenever it loads the file. Of several rules that match the strictest holds.
//
// Codex takes a line apart only where it is a plain chain of commands: with a redirection, a variable, a substitution or
// a wildcard in it, it looks at the whole, which begins with `bash -lc`. The last two rules have a person asked there,
// and where one command starts another: else a denied command would run, in the sandbox, with `> /dev/null` behind it.

import type { Permission, Source, TargetContext } from "../../model.ts";
import { shellLine } from "../../source/shell.ts";
import { made, type Part } from "../parts.ts";
import type { MatchOf } from "../permission_parts.ts";
import { isSecret } from "../secret.ts";
import { approximated, exact, isWritten, itemsOf, type Outcome, refused } from "../shared.ts";
import { spellingsOf } from "../spellings.ts";
import { entry, leftOut } from "./part.ts";

type BashMatch = MatchOf<"Bash">;
type BashPermission = Permission & { readonly match: BashMatch };
type Decision = "forbidden" | "prompt" | "allow";

/** One rule: what may stand at each place, what becomes of it, and why. */
interface Rule {
  readonly words: readonly (readonly string[])[];
  readonly decision: Decision;
  readonly reason: string;
}

const decisions: Readonly<Record<Permission["action"], Decision>> = {
  deny: "forbidden",
  ask: "prompt",
  allow: "allow",
};
const shells = ["bash", "sh", "zsh", "dash", "ksh", "fish"];
const shellFlags = ["-c", "-lc", "-ic", "-lic", "-ec"];
const starters =
  "sudo doas env command builtin exec eval nohup nice ionice time timeout stdbuf setsid strace watch xargs".split(" ");
const folders = ["/bin", "/usr/bin", "/usr/local/bin"];
const opaque: readonly Rule[] = [
  {
    words: [shells.flatMap(inFolders), shellFlags],
    decision: "prompt",
    reason: "the commands in it cannot be told apart",
  },
  { words: [starters], decision: "prompt", reason: "it starts another command" },
];
const head = "# Written by truce sync from the permissions of Claude Code. Codex tests each rule with its examples.\n";
const noShell = entry(["features", "shell_tool"], false);
const tooWide = approximated("Codex allows all that begins with certain words, which here would be more");
const loss = "where a line is more than a chain of plain commands, or one starts another, Codex asks instead";

/** Returns the rules for commands as the file `path`, and what keeps the shell closed as a whole. */
export function rulesPart(source: Source, context: TargetContext, path: string): Part {
  const rules: Rule[] = [];
  const { entries, fates } = made(
    "codex",
    itemsOf(source, context, "permission").filter(isAboutShell),
    (permission) => {
      const { action, match, text } = permission;
      if (action === "allow" && !context.allowsRules) return { outcome: leftOut };
      if (match.how === "all") {
        return { outcome: fateOfShell(action), entries: action === "allow" ? [] : [noShell] };
      }
      if (isSecret("", text)) return { outcome: refused("a secret is written out in it") };
      const { words, isCut } = wordsOf(match);
      const outcome = fateOfWords(permission, words, isCut);
      if (isWritten(outcome) && outcome !== tooWide) rules.push(...rulesFor(words, action, text));
      return { outcome };
    },
  );
  const isStrict = rules.some(({ decision }) => decision !== "allow");
  const all = [...rules, ...(isStrict ? opaque : [])].map(say);
  const text = [head, ...new Set(all)].join("\n");
  return { files: all.length === 0 ? [] : [{ kind: "whole", path, text }], entries, fates };
}

/** Returns the words that a command surely begins with, and whether the rule says more than these. */
function wordsOf({ how, pattern }: BashMatch): { words: string[]; isCut: boolean } {
  const [command] = shellLine(pattern).commands;
  if (command === undefined) return { words: [], isCut: true };
  const words = command.words.map(({ value }) => value);
  const isPart = command.text !== pattern.trim();
  if (how !== "glob") return { words, isCut: isPart || how === "exact" };
  const star = words.findIndex((word) => word.includes("*"));
  return { words: star < 0 ? words : words.slice(0, star), isCut: true };
}

function fateOfShell(action: Permission["action"]): Outcome {
  if (action === "allow") return tooWide;
  const closed = "Codex has no shell then, by which it also reads files";
  return approximated(action === "deny" ? closed : `${closed}; it cannot ask for each command`);
}

function fateOfWords({ action }: BashPermission, words: readonly string[], isCut: boolean): Outcome {
  if (action === "allow") return words.length === 0 || isCut ? tooWide : exact;
  if (words.length === 0) return refused("Codex knows a command only by the words it begins with");
  const wider = isCut ? `everything that begins with \`${words.join(" ")}\` is meant; ` : "";
  return approximated(wider + loss);
}

function rulesFor(words: readonly string[], action: Permission["action"], text: string): Rule[] {
  const decision = decisions[action];
  if (action === "allow") {
    return [{ words: words.map((word) => [word]), decision, reason: `Claude Code allows ${text}` }];
  }
  const reason = `Claude Code ${action === "deny" ? "denies" : "asks for"} ${text}`;
  const [program, ...rest] = words;
  const programs = program.includes("/") ? [program] : inFolders(program);
  const plain = spellings(rest).map((places) => [programs, ...places]);
  const started = action === "deny" ? plain.map((places) => [starters, ...places]) : [];
  return [...plain, ...started].map((places) => ({ words: places, decision, reason }));
}

function inFolders(program: string): string[] {
  return [program, ...folders.map((folder) => `${folder}/${program}`)];
}

/** Returns the same words with their short flags in other orders; those that differ in one place alone are one. */
function spellings(words: readonly string[]): string[][][] {
  if (words.length === 0 || words.some((word) => /\s/.test(word) || word === "")) return [words.map((word) => [word])];
  const all: { readonly first: readonly string[]; readonly places: string[][]; varied?: number }[] = [];
  for (const spelling of spellingsOf(words.join(" "))) {
    const found = spelling.split(" ");
    const near = all.find(({ first, varied }) => {
      const differing = first.flatMap((word, i) => word === found[i] ? [] : [i]);
      return first.length === found.length && differing.length === 1 && (varied ?? differing[0]) === differing[0];
    });
    if (near === undefined) all.push({ first: found, places: found.map((word) => [word]) });
    else {
      near.varied = near.first.findIndex((word, i) => word !== found[i]);
      near.places[near.varied].push(found[near.varied]);
    }
  }
  return all.map(({ places }) => places);
}

function say({ words, decision, reason }: Rule): string {
  const first = words.map(([word]) => word);
  const last = words.map((place) => place[place.length - 1]);
  const other = [...first.slice(0, -1), `${first[first.length - 1]}x`];
  const examples = first.join("\0") === last.join("\0") ? [first] : [first, last];
  return `prefix_rule(
    pattern = [${words.map((place) => place.length === 1 ? quoted(place[0]) : list(place)).join(", ")}],
    decision = ${quoted(decision)},
    justification = ${quoted(reason)},
    match = [${examples.map(list).join(", ")}],
    not_match = [${list(other)}],
)
`;
}

function list(words: readonly string[]): string {
  return `[${words.map(quoted).join(", ")}]`;
}

/** Starlark reads a text in the quotes of JSON as JSON does. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function isAboutShell(permission: Permission): permission is BashPermission {
  return permission.match.tool === "Bash";
}
