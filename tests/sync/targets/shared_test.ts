import type { Instructions, Item, Projection, Rule, Scope, Skill, SlashCommand } from "../../../src/sync/model.ts";
import { parsePermission } from "../../../src/sync/permission.ts";
import { commandsInAgents, instructionsInAgentsMd, skillsInAgents } from "../../../src/sync/targets/shared.ts";
import { assertEquals, assertStringIncludes } from "../../support/assert.ts";

type Make = typeof instructionsInAgentsMd;

const asker = { target: "toy", title: "Toy", userFile: "/h/.toy/AGENTS.md" };

Deno.test("instructionsInAgentsMd() joins instructions, rules and rules for paths in one block a folder", () => {
  const { files, fates } = project(instructionsInAgentsMd, [
    instructions({ text: "See @a.md", expanded: "See a.md" }),
    instructions({ name: "src/api", expanded: "Api.\n" }),
    rule("kind", { text: "Be kind.\n" }),
    rule("ts", { text: "Be strict.\n", globs: ["**/*.ts", "*.tsx"] }),
  ]);
  assertEquals(files, [
    {
      kind: "block",
      path: "/p/AGENTS.md",
      text: "See a.md\n\nBe kind.\n\nFor files that match `**/*.ts` or `*.tsx`:\n\nBe strict.",
    },
    { kind: "block", path: "/p/src/api/AGENTS.md", text: "Api." },
  ]);
  assertEquals(outcomes(fates), "exact exact exact approximated");
});

Deno.test("instructionsInAgentsMd() writes a user's instructions to the file of the target", () => {
  const items = [instructions({ scope: "user" }), instructions({ expanded: "Not asked for." })];
  const { files, fates } = project(instructionsInAgentsMd, items, { scope: "user" });
  assertEquals(files, [{ kind: "block", path: "/h/.toy/AGENTS.md", text: "Text." }]);
  assertEquals(fates.length, 1);
});

Deno.test("instructionsInAgentsMd() writes nothing where AGENTS.md is CLAUDE.md, whatever it is called", () => {
  const linked = project(instructionsInAgentsMd, [instructions({ realPath: "/p/AGENTS.md" }), rule("kind")]);
  assertEquals([linked.files, outcomes(linked.fates)], [[], "native refused"]);
  const same = project(instructionsInAgentsMd, [instructions({})], { files: { "/p/AGENTS.md": "Text." } });
  assertEquals([same.files, outcomes(same.fates)], [[], "native"]);
});

Deno.test("instructionsInAgentsMd() doubles no AGENTS.md that CLAUDE.md imports", () => {
  const imports = [{ path: "/p/AGENTS.md", text: "AGENTS.md says: all" }];
  const all = instructions({ text: "@AGENTS.md\n", expanded: "AGENTS.md says: all\n", imports });
  const more = instructions({ text: "@AGENTS.md\nMore.", expanded: "AGENTS.md says: all\nMore.", imports });
  const whole = project(instructionsInAgentsMd, [all]);
  assertEquals([whole.files, outcomes(whole.fates)], [[], "native"]);
  const part = project(instructionsInAgentsMd, [more, rule("kind", { text: "Be kind." })]);
  assertEquals(part.files, [{ kind: "block", path: "/p/AGENTS.md", text: "Be kind." }]);
  assertEquals(outcomes(part.fates), "approximated exact");
});

Deno.test("instructionsInAgentsMd() tells nobody what is private, and says what of it is missing", () => {
  const { files, fates } = project(instructionsInAgentsMd, [
    instructions({ scope: "private", expanded: "Canary." }),
    instructions({ expanded: "Read @~/notes.md", privateImports: ["~/notes.md"] }),
    rule("mine", { scope: "private", text: "Canary." }),
  ]);
  assertEquals(JSON.stringify(files).includes("Canary"), false);
  assertEquals(outcomes(fates), "refused approximated refused");
  assertStringIncludes(fates[1].reason ?? "", "~/notes.md");
});

Deno.test("skillsInAgents() links to the folder of each skill, from a project and from a home", () => {
  assertEquals(project(skillsInAgents, [skill("pdf")]).files, [
    { kind: "link", path: "/p/.agents/skills/pdf", to: "../../.claude/skills/pdf" },
  ]);
  const own = skill("pdf", { scope: "user", folder: "/h/.claude/skills/pdf" });
  assertEquals(project(skillsInAgents, [own], { scope: "user" }).files, [
    { kind: "link", path: "/h/.agents/skills/pdf", to: "../../.claude/skills/pdf" },
  ]);
});

Deno.test("skillsInAgents() gives no skill that is private, outside, denied, or not to be named", () => {
  const { files, fates } = project(skillsInAgents, [
    skill("mine", { scope: "private" }),
    skill("far", { folder: "/elsewhere/far" }),
    skill("../x"),
    skill("no"),
    denied("Skill(no)", "project"),
    skill("hidden"),
    denied("Skill(hidden)", "private"),
    skill("manual", { isManual: true }),
  ]);
  assertEquals(files.map(({ path }) => path), ["/p/.agents/skills/hidden", "/p/.agents/skills/manual"]);
  assertEquals(outcomes(fates), "refused refused refused approximated exact approximated");
});

Deno.test("commandsInAgents() makes a skill of each command, which only the user starts", () => {
  const items = [command("db/migrate", { body: "Do $ARGUMENTS\n!`git status`\n@a.md", argumentHint: "[name]" })];
  const { files, fates } = project(commandsInAgents, items);
  assertEquals(files, [
    {
      kind: "whole",
      path: "/p/.agents/skills/db-migrate/SKILL.md",
      text: [
        '---\nname: "db-migrate"\ndescription: "Says: \\"x\\""\n---\n',
        "`$ARGUMENTS` is what the user wrote behind the name of this skill ([name]); `$1` and `$2` are words of it.",
        "Where a command stands as !`command`, run it and go on with what it prints.",
        "Where a file stands as @file, read it.",
        "\nDo $ARGUMENTS\n!`git status`\n@a.md\n",
      ].join("\n"),
    },
    {
      kind: "whole",
      path: "/p/.agents/skills/db-migrate/agents/openai.yaml",
      text: "policy:\n  allow_implicit_invocation: false\n",
    },
  ]);
  assertEquals(outcomes(fates), "approximated");
});

Deno.test("commandsInAgents() gives a name to a skill first, and to one command", () => {
  const { files, fates } = project(commandsInAgents, [skill("fix"), command("fix"), command("a/b"), command("a-b")]);
  assertEquals(outcomes(fates), "refused approximated refused");
  assertEquals(files.map(({ path }) => path.split("/").slice(4).join("/")), ["a-b/SKILL.md", "a-b/agents/openai.yaml"]);
});

function project(
  make: Make,
  items: readonly Item[],
  { scope = "project", files = {} }: { scope?: "user" | "project"; files?: Readonly<Record<string, string>> } = {},
): Projection {
  const read = (path: string) => files[path];
  return make({ items }, { scope, project: "/p", home: "/h", read, allowsRules: false }, asker);
}

function outcomes(fates: Projection["fates"]): string {
  return fates.map(({ outcome }) => outcome).join(" ");
}

function instructions(
  { scope = "project", realPath, ...fields }: Partial<Instructions> & { scope?: Scope; realPath?: string },
): Instructions {
  const origin = { scope, path: "/p/CLAUDE.md", realPath };
  return { kind: "instructions", name: "", text: "Text.", expanded: fields.text ?? "Text.", ...fields, origin };
}

function rule(name: string, { scope = "project", ...fields }: Partial<Rule> & { scope?: Scope } = {}): Rule {
  const origin = { scope, path: `/p/.claude/rules/${name}.md` };
  return { kind: "rule", name, text: "Rule.", globs: [], ...fields, origin };
}

function skill(name: string, { scope = "project", ...fields }: Partial<Skill> & { scope?: Scope } = {}): Skill {
  const folder = `/p/.claude/skills/${name}`;
  const origin = { scope, path: `${folder}/SKILL.md` };
  return { kind: "skill", name, description: "", folder, isManual: false, ...fields, origin };
}

function command(name: string, fields: Partial<SlashCommand> = {}): SlashCommand {
  const origin = { scope: "project", path: `/p/.claude/commands/${name}.md` } as const;
  return { kind: "command", name, description: 'Says: "x"', allowedTools: [], body: "Do it.", ...fields, origin };
}

function denied(text: string, scope: Scope): Item {
  const origin = { scope, path: "/p/.claude/settings.json" };
  return { kind: "permission", action: "deny", text, match: parsePermission(text, "deny"), origin };
}
