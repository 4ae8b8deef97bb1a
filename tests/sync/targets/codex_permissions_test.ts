import type { Item, Projection } from "../../../src/sync/model.ts";
import { assertEquals, assertStringIncludes } from "../../support/assert.ts";
import { originOf, permission, play, said } from "../fixtures/codex.ts";

const commandRules: readonly (readonly [rule: string, decisions: readonly string[]])[] = [
  ["deny Bash(git push:*)", ['git "push" forbidden', '* git "push" forbidden']],
  ["ask Bash(git push *)", ['git "push" prompt']],
  ["deny Bash(curl * | sh)", ["curl forbidden", "* curl forbidden"]],
  ["ask Bash(echo 'a b':*)", ['echo "a b" prompt']],
  ["ask Bash(npm run build)", ['npm "run" "build" prompt']],
  ["ask Bash(git pu*)", ["git prompt"]],
  ["ask Bash(./run.sh:*)", ["./run.sh prompt"]],
];

Deno.test("codex has a rule for the words that a command begins with", () => {
  for (const [rule, decisions] of commandRules) {
    const { files, fates } = play([permission(rule)]);
    assertEquals(rulesIn(files).slice(0, -2), decisions, rule);
    assertEquals(said(fates), ["approximated"], rule);
  }
});

Deno.test("codex covers other spellings of a command, by folder, by order of flags and behind sudo", () => {
  const text = rulesText(play([permission("deny Bash(rm -rf:*)")]).files);
  assertStringIncludes(
    text,
    `pattern = [["rm", "/bin/rm", "/usr/bin/rm", "/usr/local/bin/rm"], ["-rf", "-fr"]],`,
  );
  assertStringIncludes(text, `"/usr/local/bin/rm"], "-r", "-f"],`);
  assertStringIncludes(text, `"/usr/local/bin/rm"], "-f", "-r"],`);
  assertStringIncludes(text, `[["sudo", "doas", "env",`);
});

Deno.test("codex gives each rule examples of what it matches and of what it does not", () => {
  const text = rulesText(play([permission("ask Bash(git push:*)")]).files);
  const [first] = text.split("\n)\n");
  assertStringIncludes(
    first,
    `match = [["git", "push"], ["/usr/local/bin/git", "push"]],\n    not_match = [["git", "pushx"]],`,
  );
});

Deno.test("codex asks for a line that it cannot take apart, when anything is denied or asked for", () => {
  const rules = (text: string) => rulesIn(play([permission(text)], { allowsRules: true }).files);
  assertEquals(rules("deny Bash(git push:*)").slice(-2), ["bash -c prompt", "* prompt"]);
  assertEquals(rules("allow Bash(git push:*)"), ['git "push" allow']);
});

Deno.test("codex allows a command only when it is told to, and only as much as was allowed", () => {
  const allowed = (text: string, allowsRules: boolean) => {
    const { files, fates } = play([permission(`allow ${text}`)], { allowsRules });
    return [rulesIn(files).length, ...said(fates)];
  };
  assertEquals(allowed("Bash(npm test:*)", false), [0, "approximated"]);
  assertEquals(allowed("Bash(npm test:*)", true), [1, "exact"]);
  assertEquals(allowed("Bash(npm test)", true), [0, "approximated"]);
  assertEquals(allowed("Bash(npm t*)", true), [0, "approximated"]);
  assertEquals(allowed("Bash(npm test > x:*)", true), [0, "approximated"]);
  assertEquals(allowed("Bash", true), [0, "approximated"]);
});

Deno.test("codex refuses a rule for commands that begins with no word, and closes the shell for all of them", () => {
  const odd = play([permission("deny Bash(*--force*)"), permission("ask Bash(npm*)")]);
  assertEquals([odd.files, said(odd.fates)], [[], ["refused", "refused"]]);
  const all = play([permission("deny Bash")]);
  assertEquals(all.values, { "/features/shell_tool": false });
  assertEquals(said(all.fates), ["approximated"]);
});

Deno.test("codex writes no secret that stands in a rule for commands", () => {
  const { files, fates } = play([permission("deny Bash(curl -H 'Authorization: Bearer canary-1':*)")]);
  assertEquals([files, said(fates)], [[], ["refused"]]);
});

const tooMany = "no command starts where it matches more than 8192 files";
const readRules: readonly (readonly [rule: string, closed: readonly string[], loss?: string])[] = [
  ["Read(.env)", [":workspace_roots **/.env", ":workspace_roots **/.env/**"]],
  ["Read(./secrets/**)", [":workspace_roots **/secrets", ":workspace_roots **/secrets/**"], tooMany],
  ["Read(node_modules/)", [":workspace_roots **/node_modules/**"], tooMany],
  ["Read(*.pem)", [":workspace_roots **/*.pem", ":workspace_roots **/*.pem/**"], tooMany],
  ["Read(a*/secret.txt)", [":workspace_roots a*/secret.txt", ":workspace_roots a*/secret.txt/**"]],
  ["Read(/config/key.txt)", ["~/.claude/config/key.txt"]],
  ["Read(config/*.pem)", [":workspace_roots config/*.pem", ":workspace_roots config/*.pem/**"]],
  ["Read(~/.ssh/**)", ["~/.ssh"]],
  ["Read(//etc/passwd)", ["/etc/passwd"]],
];

Deno.test("codex closes files in the profile of the user", () => {
  for (const [rule, closed, loss] of readRules) {
    const { values, fates } = play([permission(`deny ${rule}`, "user")], { scope: "user" });
    const { "/default_permissions": selected, "/permissions/truce/extends": base, ...rest } = values;
    assertEquals([selected, base], ["truce", ":workspace"], rule);
    assertEquals(filesClosed(rest, "truce"), closed.map((path) => `${path} deny`), rule);
    const [{ outcome, reason }] = fates;
    assertEquals([outcome, reason], [loss === undefined ? "exact" : "approximated", loss], rule);
  }
});

const editRules: readonly (readonly [rule: string, closed: readonly string[], outcome: string])[] = [
  ["Edit(~/notes/**)", ["~/notes read"], "approximated"],
  ["Edit(config/key.txt)", [":workspace_roots config/key.txt read"], "approximated"],
  ["Edit(gen/*.ts)", [":workspace_roots gen/** read"], "approximated"],
  ["Edit", [":workspace_roots . read"], "approximated"],
  ["Edit(package-lock.json)", [":workspace_roots package-lock.json read"], "refused"],
  ["Edit(*.lock)", [], "refused"],
];

Deno.test("codex keeps files from being written where it can say that, and says where it cannot", () => {
  for (const [rule, closed, outcome] of editRules) {
    const { values, fates } = play([permission(`deny ${rule}`, "user")], { scope: "user" });
    assertEquals([filesClosed(values, "truce"), said(fates)], [closed, [outcome]], rule);
  }
});

Deno.test("codex closes what is both not to be read and not to be written", () => {
  const items = ["deny Read(~/.ssh/**)", "deny Edit(~/.ssh/**)", "ask Read(~/x)", "deny Read(!~/y)", "deny Read"];
  const { values, fates } = play(items.map((text) => permission(text, "user")), { scope: "user" });
  assertEquals(filesClosed(values, "truce"), ["~/.ssh deny", "~/x deny"]);
  assertEquals(said(fates), ["exact", "approximated", "approximated", "approximated", "refused"]);
});

/** Rules of one user, what they close, and which of them lose something by the others. */
const besideRules:
  readonly (readonly [rules: readonly string[], closed: readonly string[], losing: readonly number[]])[] = [
    [["Read(a/b/**)", "Read(a/b/c)", "Read(a/b/*.txt)", "Edit(a/b/d)"], ["a/b deny"], []],
    [["Read(a/b/**)", "Read(x)"], ["a/b read", "a/[b] deny", "a/b/** deny", "**/x deny", "**/x/** deny"], [0]],
    [["Read(a/b.c)", "Read(a/*.c)"], ["a/b.c read", "a/b.[c] deny", "a/b.c/** deny", "a/*.c deny", "a/*.c/** deny"], [
      0,
    ]],
    [["Read(a/b)", "Read(a/*/*/c)"], ["a/b read", "a/[b] deny", "a/b/** deny", "a/*/*/c deny", "a/*/*/c/** deny"], [0]],
    [["Read(a/b)", "Read(a/c*/d)"], ["a/b deny", "a/c*/d deny", "a/c*/d/** deny"], []],
    [["Read(a/b)", "Read(c/d)"], ["a/b deny", "c/d deny"], []],
    [["Read(a/b)", "Read(a/c)"], ["a/[b] deny", "a/b/** deny", "a/[c] deny", "a/c/** deny"], [0, 1]],
    [["Edit(a/b/**)", "Edit(a/b/c)", "Read(a/b/d)"], ["a/b read", "a/b/[d] deny", "a/b/d/** deny"], [2]],
    [["Read(a/b)", "Read(a/c)", "Edit(a/b/d)"], [
      "a/[b] deny",
      "a/b/** deny",
      "a/[c] deny",
      "a/c/** deny",
      "a/b/d read",
    ], [0, 1]],
    [["Edit(a/b)", "Edit(a/c)"], ["a/b read", "a/c read"], [0, 1]],
    [["Edit", "Edit(a/b)", "Read(a/c)"], [". read", "a/[c] deny", "a/c/** deny"], [2]],
    [["Read(a/{b})", "Read(x)"], ["a/{b} deny", "**/x deny", "**/x/** deny"], []],
    [["Read(~/.a/b)", "Read(~/.a/c)", "Read(x)"], ["~/.a/b deny", "~/.a/c deny", "**/x deny", "**/x/** deny"], []],
    [["Read(~/a/**)", "Read(~/a/b)", "Read(~/c*/d)"], ["~/a deny", "~/c*/d deny", "~/c*/d/** deny"], []],
  ];

Deno.test("codex closes paths beside each other in ways with which commands still start", () => {
  const lost = /file by file|no command starts/;
  for (const [rules, closed, losing] of besideRules) {
    const items = rules.map((rule) => permission(`deny ${rule}`, "user"));
    const { values, fates } = play(items, { scope: "user" });
    assertEquals(filesClosed(values, "truce").map((one) => one.replace(":workspace_roots ", "")), closed, rules.join());
    assertEquals(fates.flatMap(({ reason = "" }, i) => lost.test(reason) ? [i] : []), losing, rules.join());
  }
});

Deno.test("codex refuses a pattern for the whole disk, with which no command starts", () => {
  const { values, fates } = play(["deny Read(//**/x)", "deny Read(//*.y)"].map((one) => permission(one, "user")), {
    scope: "user",
  });
  assertEquals(filesClosed(values, "truce"), [":workspace_roots **/x deny", ":workspace_roots **/x/** deny"]);
  assertEquals(said(fates), ["refused", "refused"]);
});

/** What a user's config.toml says, and what the rules then go into. */
const userPostures: readonly (readonly [config: string, entries: readonly string[], outcome: string])[] = [
  ["", ["/default_permissions", "/permissions/truce/extends"], "exact"],
  [`default_permissions = "truce"\n`, ["/default_permissions", "/permissions/truce/extends"], "exact"],
  [`default_permissions = "mine"\n[permissions.mine]\nextends = ":read-only"\n`, [], "exact"],
  [`default_permissions = ":read-only"\n`, [], "refused"],
  [`sandbox_mode = "read-only"\n`, [], "refused"],
];

Deno.test("codex adds to the profile that a user has selected, and selects one only for a user who has none", () => {
  for (const [config, entries, outcome] of userPostures) {
    const files = { "/h/.codex/config.toml": config };
    const { values, fates } = play([permission("deny Read(~/x)", "user")], { scope: "user", files });
    const closed = Object.keys(values).filter((pointer) => pointer.includes("/filesystem/"));
    assertEquals(Object.keys(values).filter((pointer) => !closed.includes(pointer)), entries, config);
    assertEquals(closed.length, outcome === "exact" ? 1 : 0, config);
    assertEquals(said(fates), [outcome], config);
  }
});

Deno.test("codex keeps the base that a user has given to the profile", () => {
  const config = `default_permissions = "truce"\n[permissions.truce]\nextends = ":read-only"\n`;
  const files = { "/h/.codex/config.toml": config };
  const { values } = play([permission("deny Read(~/x)", "user")], { scope: "user", files });
  assertEquals(values["/permissions/truce/extends"], ":read-only");
});

Deno.test("codex selects no profile for a project, which would replace that of each user", () => {
  const { files, fates } = play([permission("deny Read(.env)"), permission("deny Edit(docs/**)")]);
  assertEquals([files, said(fates)], [[], ["refused", "refused"]]);
  assertStringIncludes(fates[0].reason ?? "", `default_permissions = "truce"`);
});

Deno.test("codex adds to the profile that a project selects itself", () => {
  const own = { "/p/.codex/config.toml": `default_permissions = "truce"\n` };
  const { values, fates } = play([permission("deny Read(/.env)")], { files: own });
  assertEquals(values, {
    "/permissions/truce/extends": ":workspace",
    "/permissions/truce/filesystem/:workspace_roots/.env": "deny",
  });
  assertEquals(said(fates), ["exact"]);
  assertEquals(play([], { files: own }).values, { "/permissions/truce/extends": ":workspace" });
  const others = { "/p/.codex/config.toml": `default_permissions = "team"\n` };
  assertEquals(Object.keys(play([permission("deny Read(/.env)")], { files: others }).values), [
    "/permissions/team/filesystem/:workspace_roots/.env",
  ]);
  const stricter = { ...own, "/h/.codex/config.toml": `sandbox_mode = "read-only"\n` };
  const seen = play([permission("deny Read(/.env)")], { files: stricter, hasHome: true });
  assertEquals([seen.values, said(seen.fates)], [values, ["approximated"]]);
});

const otherRules: readonly (readonly [rule: string, outcome: string, values: Readonly<Record<string, unknown>>])[] = [
  ["deny WebSearch", "exact", { "/web_search": "disabled" }],
  ["ask WebSearch", "approximated", { "/web_search": "disabled" }],
  ["deny WebFetch", "approximated", { "/web_search": "disabled" }],
  ["deny WebFetch(domain:evil.example)", "approximated", {}],
  ["deny Agent", "exact", { "/agents/enabled": false }],
  ["deny Agent(Explore)", "refused", {}],
  ["deny Skill(x)", "refused", {}],
  ["deny TodoWrite", "approximated", {}],
  ["deny Write", "refused", {}],
  ["deny Grep", "refused", {}],
  ["deny *", "refused", {}],
  ["deny Write(x)", "refused", {}],
  ["allow WebSearch", "approximated", {}],
  ["allow Read(x)", "approximated", {}],
];

Deno.test("codex says of every other rule what becomes of it", () => {
  for (const [rule, outcome, values] of otherRules) {
    const found = play([permission(rule)]);
    assertEquals([said(found.fates), found.values], [[outcome], values], rule);
  }
});

Deno.test("codex keeps its own modes, and says when that is less strict", () => {
  const settings = [["defaultMode", "acceptEdits"], ["defaultMode", "plan"], ["additionalDirectories", ["../x"]], [
    "disableBypassPermissionsMode",
    "disable",
  ]] as const;
  const origin = originOf("project");
  const items = settings.map(([name, value]): Item => ({ kind: "setting", name, value, origin }));
  const { files, fates } = play(items);
  assertEquals([files, said(fates)], [[], ["approximated", "refused", "approximated", "refused"]]);
});

function rulesText(files: Projection["files"]): string {
  const file = files.find(({ path }) => path.endsWith("/.codex/rules/truce.rules"));
  return file?.kind === "whole" ? file.text : "";
}

/** Returns the rules in short: the first words that each is about, `*` for what starts others, and the decision. */
function rulesIn(files: Projection["files"]): string[] {
  const found = rulesText(files).matchAll(/pattern = (\[.*\]),\n {4}decision = "(\w+)"/g);
  return Array.from(found, ([, pattern, decision]) => {
    const places: (string | string[])[] = JSON.parse(pattern);
    const words = places.map((place, i) => {
      const first = typeof place === "string" ? place : place[0];
      return i === 0 && first === "sudo" ? "*" : Array.isArray(place) ? first : JSON.stringify(place);
    });
    return [...words, decision].join(" ").replace(/^(\* )?"(\S+)"/, "$1$2");
  });
}

function filesClosed(values: Readonly<Record<string, unknown>>, profile: string): string[] {
  const start = `/permissions/${profile}/filesystem/`;
  return Object.entries(values).filter(([pointer]) => pointer.startsWith(start)).map(([pointer, value]) => {
    const [first, ...rest] = pointer.slice(start.length).split("/");
    return `${[first, ...rest].map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~")).join(" ")} ${value}`;
  });
}
