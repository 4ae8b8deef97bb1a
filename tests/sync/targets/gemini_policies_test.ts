import { type Call, decides, permissionOf } from "../../../src/sync/permission.ts";
import type { Permission } from "../../../src/sync/model.ts";
import { assertEquals } from "../../support/assert.ts";
import { originOf, permission, server } from "../fixtures/codex.ts";
import { outcomes, play, Policies } from "../fixtures/gemini.ts";
import { Random } from "../fixtures/random.ts";

function policiesFor(rules: readonly string[], servers: readonly string[] = []): Policies {
  const { texts } = play([...rules.map((rule) => permission(rule)), ...servers.map((name) => server(name))]);
  return new Policies(texts["/p/.gemini/policies/truce.toml"] ?? "");
}

/** Rules, with commands that they deny or ask for, and such that they do not. */
const commands: readonly (readonly [rule: string, held: readonly string[], free: readonly string[]])[] = [
  [
    "deny Bash(rm -rf:*)",
    [
      "rm -rf x",
      "rm -rf",
      "rm  -rf x",
      "rm\t-rf x",
      "rm \\\n -rf x",
      "/bin/rm -rf x",
      "rm -fr x",
      "rm -f -r x",
      "sudo rm -rf x",
      "sudo\t/bin/rm -rf x",
      "timeout 5 rm -rf x",
      "A=1 B='c d' rm -rf x",
      "'rm' \"-rf\" x",
      "\\rm -rf x",
      "> log rm -rf x",
      "echo a && rm -rf b",
      "echo $(rm -rf b)",
    ],
    ["rm -r x", "rm -rfv x", "rm -rf-x", "echo rm", "git commit -m 'no rm -rf here'", "xrm -rf x"],
  ],
  ["ask Bash(git push *)", ["git push", "git push origin"], ["git pushx", "git stash push", "git -C x push"]],
  ["deny Bash(git * --force)", ["git push --force", "git  push x --force"], ["git push --forced", "git push"]],
  ["deny Bash(npm publish)", ["npm publish", "npm publish ", "npm  'publish'"], ["npm publish x"]],
  ["deny Bash(*secret*)", ["cat secret", "a; b secretx"], ["cat public"]],
  ["deny Bash(a.b+c:*)", ["a.b+c d"], ["axb+c d", "a.bbc d"]],
  ["deny Bash", ["ls"], []],
];

Deno.test("gemini policies hold a command in all its spellings, and no other", () => {
  for (const [rule, held, free] of commands) {
    const policies = policiesFor([rule]);
    const decision = rule.startsWith("deny") ? "deny" : "ask_user";
    assertEquals(
      held.map((one) => `${one}: ${policies.decisionOnCommand(one)}`),
      held.map((one) => `${one}: ${decision}`),
      rule,
    );
    assertEquals(
      free.map((one) => `${one}: ${policies.decisionOnCommand(one)}`),
      free.map((one) => `${one}: none`),
      rule,
    );
  }
});

/** Rules, with commands that they allow, and such that they do not. */
const allowances: readonly (readonly [rule: string, allowed: readonly string[], free: readonly string[]])[] = [
  ["allow Bash(npm run test:*)", ["npm run test", "npm run test a"], [
    "npm run testx",
    "sudo npm run test",
    "npm run test $X",
    "npm run test `x`",
  ]],
  ["allow Bash(git diff)", ["git diff"], ["git diff x", "git diff && x", "git  diff"]],
  ["allow Bash(git * main)", ["git pull origin main"], ["git pull main x"]],
  ["allow Bash", ["anything $X"], []],
];

Deno.test("gemini policies allow no command that Claude Code would not", () => {
  for (const [rule, allowed, free] of allowances) {
    const policies = policiesFor([rule]);
    assertEquals(allowed.map((one) => policies.decisionOnCommand(one)), allowed.map(() => "allow"), rule);
    assertEquals(free.map((one) => policies.decisionOnCommand(one)), free.map(() => "none"), rule);
  }
});

/** Rules, with calls of tools that they deny, and such that they do not. */
const paths: readonly (readonly [rule: string, held: readonly string[], free: readonly string[]])[] = [
  [
    "deny Read(secrets/**)",
    [
      "read_file secrets/k",
      "read_file ./secrets/k",
      "read_file /p/secrets/k",
      "read_file a/SECRETS/k",
      "read_file @secrets/k",
      "read_file secrets//k",
      "read_file docs/../secrets/k",
      "read_file docs/./x",
      "write_file secrets/k",
      "replace secrets/k",
      "run cat secrets/k",
      "run cat<secrets/k",
      "run cd secrets && cat k",
      "run grep x 'secrets/k'",
    ],
    [
      "read_file mysecrets/k",
      "read_file secrets.md",
      "run git commit -m 'hide secrets now'",
      "run ls",
      "read_file ../x",
    ],
  ],
  ["deny Read(./.env)", ["read_file .env", "read_file a/.env", "run cat .env"], [
    "read_file .env.local",
    "run node -p process.env.X",
  ]],
  ["deny Edit(dist/*.js)", ["write_file dist/a.js", "run echo 1 > dist/a.js", "run rm dist/a.js"], [
    "read_file dist/a.js",
    "write_file dist/a.ts",
    "run cat dist/a.js",
  ]],
  ["deny Read(~/.config/gh/**)", ["read_file /h/.config/gh/x", "read_file gh/x", "read_file .config/gh/x"], [
    "read_file src/gh/x",
  ]],
  ["deny Read(//etc/p?sswd)", ["read_file /etc/passwd"], ["read_file /etc/psswd"]],
  ["deny Read(it's)", ["read_file it's"], ["read_file its"]],
];

Deno.test("gemini policies hold a path however it is written, and no other", () => {
  for (const [rule, held, free] of paths) {
    const policies = policiesFor([rule]);
    assertEquals(held.filter((one) => decisionOn(policies, one) !== "deny"), [], rule);
    assertEquals(free.filter((one) => decisionOn(policies, one) !== "none"), [], rule);
  }
});

Deno.test("gemini policies allow to edit only what is surely in the project", () => {
  const policies = policiesFor(["allow Edit(src/**)"]);
  const allowed = ["write_file src/a.ts", "replace ./src/b/a.ts"];
  const free = ["write_file /etc/src/a", "write_file docs/src/a", "write_file src/../../x", "read_file src/a.ts"];
  assertEquals([...allowed, ...free].map((one) => decisionOn(policies, one)), [
    "allow",
    "allow",
    "none",
    "none",
    "none",
    "none",
  ]);
  assertEquals(
    policiesFor(["allow Edit(src/**)", "allow Edit(!src/x)"]).decision("write_file", { file_path: "src/a" }),
    "none",
  );
});

/** Rules, with other calls, and what is decided on them. */
const others: readonly (readonly [rule: string, tool: string, args: Record<string, string>, decision: string])[] = [
  ["deny WebFetch(domain:evil.example)", "web_fetch", { prompt: "read https://EVIL.example/x" }, "deny"],
  ["deny WebFetch(domain:evil.example)", "web_fetch", { url: "http://a.evil.example" }, "deny"],
  ["deny WebFetch(domain:evil.example)", "web_fetch", { prompt: "https://notevil.example" }, "none"],
  ["deny WebFetch(domain:evil.example)", "web_fetch", { prompt: "https://evil.example.org" }, "none"],
  ["allow WebFetch(domain:ok.org)", "web_fetch", { prompt: "read https://ok.org/a b" }, "allow"],
  ["allow WebFetch(domain:ok.org)", "web_fetch", { prompt: "https://ok.org and https://x.org" }, "none"],
  ["allow WebFetch(domain:ok.org)", "web_fetch", { prompt: "https://ok.org.evil.example" }, "none"],
  ["deny WebSearch", "google_web_search", { query: "x" }, "deny"],
  ["deny Agent(db)", "invoke_agent", { agent_name: "db", prompt: "x" }, "deny"],
  ["deny Skill(pdf)", "activate_skill", { name: "pdf" }, "deny"],
  ["deny Skill(pdf)", "activate_skill", { name: "pdfs" }, "none"],
  ["ask *", "glob", { pattern: "x" }, "ask_user"],
  ["deny Write", "write_file", { file_path: "x" }, "deny"],
];

Deno.test("gemini policies hold other tools by their names there", () => {
  for (const [rule, tool, args, decision] of others) {
    assertEquals(policiesFor([rule]).decision(tool, args), decision, `${rule} ${JSON.stringify(args)}`);
  }
});

Deno.test("gemini policies hold the tools of a server by the name that it has there", () => {
  const decisions = (rule: string) => {
    const policies = policiesFor([rule], ["my_srv", "a b"]);
    return [["my_srv", "get"], ["my_srv", "set"], ["a-b", "get"]].map(([name, tool]) =>
      policies.decision(`mcp_${name}_${tool}`, {}, name)
    );
  };
  assertEquals(decisions("deny mcp__my_srv"), ["deny", "deny", "none"]);
  assertEquals(decisions("deny mcp__my_srv__get"), ["deny", "none", "none"]);
  assertEquals(decisions("deny mcp__a_b"), ["none", "none", "deny"]);
  assertEquals(decisions("ask mcp__a_b__get"), ["none", "none", "ask_user"]);
  assertEquals(decisions("deny mcp__*__get"), ["deny", "none", "deny"]);
  assertEquals(decisions("deny mcp__my_srv__g*"), ["deny", "deny", "none"]);
  assertEquals(decisions("allow mcp__my_srv__get"), ["allow", "none", "none"]);
  assertEquals(decisions("allow mcp__my_srv__g*"), ["none", "none", "none"]);
  assertEquals(decisions("deny mcp__my_srv__a__b"), ["deny", "deny", "none"]);
  assertEquals(decisions("allow mcp__my_srv__a__b"), ["none", "none", "none"]);
});

Deno.test("gemini policies allow a tool on its own server alone, and no other tool there", () => {
  const policies = policiesFor(["allow mcp__fs__drop"], ["fs", "fs_drop"]);
  const calls = [["mcp_fs_drop", "fs"], ["mcp_fs_drop", "other"], ["mcp_fs_mcp_fs_drop", "fs"], [
    "mcp_fs_drop_all",
    "fs",
  ]];
  assertEquals(calls.map(([tool, server]) => policies.decision(tool, {}, server)), [
    "allow",
    "none",
    "ask_user",
    "none",
  ]);
});

Deno.test("gemini names a server so that a rule for all its tools holds, and refuses one that could not", () => {
  const long = "a-server-with-a-name-that-is-long";
  for (const [name, there] of [["mcp_fs", "mcp-fs"], [long, long.slice(0, 25)]]) {
    const { settings } = play([server(name)]);
    assertEquals(Object.keys(settings), [`/mcpServers/${there}`]);
    assertEquals(policiesFor([`deny mcp__${name}`], [name]).decision(`mcp_${there}_get`, {}, there), "deny");
    assertEquals(outcomes(play([permission(`deny mcp__${name}`)])), [
      "refused: Gemini CLI has no rule for a server with a name like this",
    ]);
  }
  assertEquals(policiesFor(["deny mcp__mcp_fs__get"]).decision("mcp_fs_get", {}, "mcp_fs"), "deny");
});

Deno.test("gemini policies deny before they ask, and ask before they allow", () => {
  const policies = policiesFor(["allow Bash(git:*)", "deny Bash(git push:*)", "ask Bash(git pull:*)"]);
  assertEquals(["git push", "git pull", "git log"].map((one) => policies.decisionOnCommand(one)), [
    "deny",
    "ask_user",
    "allow",
  ]);
});

Deno.test("gemini hides what must not be read in a project from its searches", () => {
  const { texts, settings } = play([
    permission("deny Read(secrets/**)"),
    permission("deny Read(/a/b)"),
    permission("deny Read(~/x)"),
  ]);
  assertEquals(texts["/p/.gemini/truce.ignore"].split("\n").slice(1), ["**/secrets", "/a/b", ""]);
  assertEquals(settings["/context/fileFiltering/customIgnoreFilePaths/-"], [".gemini/truce.ignore"]);
});

Deno.test("gemini says what a policy cannot", () => {
  const outcomeOf = (rule: string) => outcomes(play([permission(rule)]))[0];
  assertEquals(outcomeOf("deny Write(x)"), "refused: it matches nothing in Claude Code either");
  assertEquals(outcomeOf("deny Flux"), "refused: Gemini CLI has no tool like this, as far as is known");
  assertEquals(outcomeOf("deny NotebookEdit"), "native: Gemini CLI has no such tool");
  assertEquals(
    outcomeOf(`deny Bash(${"x".repeat(900)}:*)`),
    "refused: Gemini CLI takes no expression as long or as involved as this needs",
  );
  assertEquals(
    outcomeOf("deny Read(!x)"),
    "approximated: Gemini CLI cannot take it back from another rule, which goes on for all it says",
  );
});

Deno.test("gemini policies stay readable and quick, whatever a rule holds", () => {
  const held = permission(`deny Bash(${"a*".repeat(12)})`);
  const odd = permission("deny Bash(x\u0001\ud800\n'\"\\\\:*)");
  const policies = new Policies(play([held, odd, permission("deny Edit(a)")]).texts["/p/.gemini/policies/truce.toml"]);
  assertEquals(policies.decisionOnCommand("aaaaaaaaaaaaaaa"), "deny");
  const long = `cat <<'END'\n${"a > b; rm -r x\n".repeat(4000)}END`;
  assertEquals(policies.decision("run_shell_command", { command: `b${long}` }), "none");
});

const randomRules = [
  "Bash(rm -rf:*)",
  "Bash(git push:*)",
  "Bash(npm run *)",
  "Bash(git * --force)",
  "Bash(npm)",
  "Bash(*x*)",
  "Bash(sudo:*)",
  "Read(secrets/**)",
  "Read(./.env)",
  "Read(**/k?y)",
  "Read(/abs/x)",
  "Read(~/h/**)",
  "Read(//etc/p*)",
  "Read(!secrets/k)",
  "Edit(src/*.ts)",
  "Edit([ab]c)",
  "WebFetch(domain:evil.example)",
];
const randomStarts = [
  "sudo",
  "timeout 5",
  "A=1",
  "A='b c'",
  "env -i",
  "nice -n 5",
  "> f",
  "2>&1",
  "!",
  "/usr/bin/sudo -u x",
  "xargs",
  "'sudo'",
];
const randomCommands = [
  "rm -rf",
  "git push",
  "npm run",
  "npm",
  "git a --force",
  "'rm' -rf",
  "r\\m -rf",
  'rm "-rf"',
  "/bin/rm -rf",
  "sudo",
  "x",
];
const randomPaths = [
  "secrets/k",
  "Secrets/K",
  "a/secrets/k",
  ".env",
  "a/.env",
  "src/a.ts",
  "src/b/a.ts",
  "key",
  "a/kay",
  "/p/secrets/k",
  "/etc/passwd",
  "/h/h/x",
  "h/x",
  "ac",
  "/p/abs/x",
  "docs/a",
];

Deno.test("gemini policies deny whatever Claude Code denies, and allow nothing that it asks for", () => {
  const random = new Random(7);
  for (let round = 0; round < 1500; round++) {
    const rules = random.some(randomRules, 6).map((text) =>
      permissionOf(random.pick(["deny", "deny", "ask", "allow"]), text, originOf("project"))
    );
    const policies = new Policies(play(rules).texts["/p/.gemini/policies/truce.toml"] ?? "");
    for (const call of randomCalls(random)) {
      const [claude, there] = [decides(rules, call, { cwd: "/p", home: "/h" }), decisionOnCall(policies, call)];
      const isWider = claude === "deny" ? there !== "deny" : claude === "ask" && there === "allow";
      assertEquals(isWider ? `${there} for ${JSON.stringify(call)} under ${rules.map(ruleText).join(", ")}` : "", "");
    }
  }
});

function randomCalls(random: Random): Call[] {
  const space = random.pick([" ", "  ", "\t", " \\\n "]);
  const words = [
    ...random.some(randomStarts, 2),
    random.pick(randomCommands).replaceAll(" ", space),
    ...random.some(["a", "--force"], 2),
  ];
  const command = random.pick(["", "echo a && ", "a; "]) + words.join(space);
  return [
    { tool: "Bash", command },
    { tool: "Read", path: random.pick(randomPaths) },
    { tool: "Edit", path: random.pick(randomPaths) },
    { tool: "WebFetch", domain: random.pick(["evil.example", "ok.org"]) },
  ];
}

function decisionOnCall(policies: Policies, call: Call): string {
  if (call.tool === "Read") return policies.decision("read_file", { file_path: call.path });
  if (call.tool === "Edit") return policies.decision("write_file", { file_path: call.path, content: "x" });
  if (call.tool === "WebFetch") return policies.decision("web_fetch", { prompt: `read https://${call.domain}/a` });
  if (call.tool !== "Bash") return "none";
  const decision = policies.decisionOnCommand(call.command);
  // Gemini CLI itself asks where something is written to a file.
  return decision === "allow" && /[<>]/.test(call.command) ? "ask_user" : decision;
}

/** Decides on a call as the tables write it: `run COMMAND`, or `TOOL PATH`. */
function decisionOn(policies: Policies, call: string): string {
  const [, tool, rest] = /^(\S+) (.*)$/s.exec(call) ?? [];
  return tool === "run" ? policies.decisionOnCommand(rest) : policies.decision(tool, { file_path: rest });
}

function ruleText({ action, text }: Permission): string {
  return `${action} ${text}`;
}
