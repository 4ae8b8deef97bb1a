// What is expected here was observed in Claude Code 2.1.329, call by call, with the same rules in its settings.

import type { Permission } from "../../src/sync/model.ts";
import { type Call, decides, type Decision, parsePermission, pathGlobs } from "../../src/sync/permission.ts";
import { permissionOf, serverInTools } from "../../src/sync/permission.ts";
import { assertEquals } from "../support/assert.ts";

const place = { cwd: "/p", home: "/h" };
const origins = {
  user: { scope: "user", path: "/h/.claude/settings.json" },
  project: { scope: "project", path: "/p/.claude/settings.json" },
  private: { scope: "private", path: "/p/.claude/settings.local.json" },
} as const;

/** Returns permissions from `deny Bash(rm:*)`; a scope may stand before: `user deny Read`. */
function rules(...lines: string[]): Permission[] {
  return lines.map((line) => {
    const [, scope = "project", action, text] = /^(?:(user|private) )?(deny|ask|allow) ([\s\S]*)$/.exec(line) ?? [];
    return permissionOf(action as Decision, text, origins[scope as keyof typeof origins]);
  });
}

function decisions(permissions: Permission[], calls: readonly Call[]): string {
  return calls.map((call) => decides(permissions, call, place)).join(" ");
}

function assertDecides(
  permissions: Permission[],
  expected: Readonly<Record<string, Decision>>,
  callOf: (text: string) => Call,
) {
  const decided = Object.keys(expected).map((text) => [text, decides(permissions, callOf(text), place)]);
  assertEquals(Object.fromEntries(decided), expected);
}

const run = (command: string): Call => ({ tool: "Bash", command });
const read = (path: string): Call => ({ tool: "Read", path });
const edit = (path: string): Call => ({ tool: "Edit", path });

Deno.test("parsePermission() understands every form of a rule", () => {
  const forms: Readonly<Record<string, unknown>> = {
    "Bash": { tool: "Bash", how: "all", pattern: "" },
    "Bash(*)": { tool: "Bash", how: "all", pattern: "" },
    "Bash(npm run build)": { tool: "Bash", how: "exact", pattern: "npm run build" },
    "Bash(npm run test:*)": { tool: "Bash", how: "prefix", pattern: "npm run test" },
    "Bash(npm run *)": { tool: "Bash", how: "prefix", pattern: "npm run" },
    "Bash(a:b)": { tool: "Bash", how: "exact", pattern: "a:b" },
    "Bash(paren (x))": { tool: "Bash", how: "exact", pattern: "paren (x)" },
    "Bash(git * main)": { tool: "Bash", how: "glob", pattern: "git * main" },
    "Bash(ls*)": { tool: "Bash", how: "glob", pattern: "ls*" },
    "Bash(two * *)": { tool: "Bash", how: "glob", pattern: "two * *" },
    "Bash(* *)": { tool: "Bash", how: "glob", pattern: "* *" },
    "Bash(p*q:*)": { tool: "Bash", how: "prefix", pattern: "p*q" },
    "Read": { tool: "Read", how: "all", anchor: "cwd", pattern: "" },
    "Edit(*)": { tool: "Edit", how: "all", anchor: "cwd", pattern: "" },
    "Read(//etc/**)": { tool: "Read", how: "glob", anchor: "absolute", pattern: "etc/**" },
    "Read(~/.ssh)": { tool: "Read", how: "glob", anchor: "home", pattern: ".ssh" },
    "Edit(/src/**)": { tool: "Edit", how: "glob", anchor: "settings", pattern: "src/**" },
    "Read(./.env)": { tool: "Read", how: "glob", anchor: "cwd", pattern: ".env" },
    "Read(.env)": { tool: "Read", how: "glob", anchor: "cwd", pattern: ".env" },
    "WebFetch": { tool: "WebFetch", how: "all", pattern: "" },
    "WebFetch(domain:*)": { tool: "WebFetch", how: "all", pattern: "" },
    "WebFetch(domain:Example.com)": { tool: "WebFetch", how: "domain", pattern: "example.com" },
    "mcp__srv": { tool: "mcp", server: "srv" },
    "mcp__srv__*": { tool: "mcp", server: "srv" },
    "mcp__srv__get_a": { tool: "mcp", server: "srv", name: "get_a" },
    "mcp__srv__get__b": { tool: "mcp", server: "srv", name: "get__b" },
    "mcp__*__get_a": { tool: "mcp", server: "*", name: "get_a" },
    "Agent(Explore)": { tool: "other", name: "Agent", specifier: "Explore" },
    "Task(Explore)": { tool: "other", name: "Agent", specifier: "Explore" },
    "Skill(pdf)": { tool: "other", name: "Skill", specifier: "pdf" },
    "WebSearch": { tool: "other", name: "WebSearch" },
    "Write": { tool: "other", name: "Write" },
    "Write(*)": { tool: "other", name: "Write" },
    "MultiEdit": { tool: "other", name: "MultiEdit" },
    "*": { tool: "other", name: "*" },
  };
  const parsed = Object.keys(forms).map((text) => [text, parsePermission(text, "deny")]);
  assertEquals(Object.fromEntries(parsed), forms);
});

Deno.test("parsePermission() finds the rules that Claude Code never matches", () => {
  const dead = [
    ..."Write(x) MultiEdit(x) NotebookEdit(x) Glob(x) Grep(x) Bash() Bash(:*) Read() Read(.) Read(/) Read(./)".split(
      " ",
    ),
    ..."Read(../x) WebFetch(x.com) WebFetch(domain:x.com/path) WebFetch(https://x.com/*)".split(" "),
    ..."mcp__ mcp__srv__ mcp__srv__get_a(x) mcp__srv(x)".split(" "),
    ...["Bash (x)", "Bash(x", "Bash(x)y", "Bash(x) ", " Bash(x)", "", "(x)"],
  ];
  assertEquals(dead.filter((text) => parsePermission(text, "deny").tool !== "never"), []);
  const deadAllows = ["mcp__*", "mcp__sr*", "mcp__*__get_a", "*", "Web*"];
  assertEquals(deadAllows.filter((text) => parsePermission(text, "allow").tool !== "never"), []);
});

Deno.test("decides() takes deny before ask before allow, whatever is more specific", () => {
  const permissions = rules("allow Bash(aws s3 ls)", "deny Bash(aws *)", "allow Bash(git *)", "ask Bash(git push *)");
  assertDecides(permissions, {
    "aws s3 ls": "deny",
    "git status": "allow",
    "git push origin": "ask",
    "make": "ask",
    "git push && aws x": "deny",
  }, run);
});

Deno.test("decides() matches the forms of rules for the shell", () => {
  const permissions = rules(
    ..."exact one;glob *;mid * end;noboundary*;* suffix;two * *;pre:*;colon:x:*;a:b;p*q:*;paren (x);/abs/tool *".split(
      ";",
    )
      .map((text) => `deny Bash(${text})`),
  );
  assertDecides(permissions, {
    "exact one": "deny",
    "exact one two": "ask",
    "exact  one": "deny",
    "exact": "ask",
    "glob": "deny",
    "glob x y": "deny",
    "globx": "ask",
    "mid end": "ask",
    "mid a b end": "deny",
    "mid a endx": "ask",
    "noboundary": "deny",
    "noboundaryx y": "deny",
    "foo suffix": "deny",
    "suffix": "ask",
    "two a": "ask",
    "two a b": "deny",
    "pre": "deny",
    "pre x": "deny",
    "prex": "ask",
    "pre:x": "ask",
    "colon:x y": "deny",
    "a:b": "deny",
    "p1q x": "ask",
    "p*q x": "deny",
    "/abs/tool x": "deny",
    "tool x": "ask",
  }, run);
});

Deno.test("decides() looks for a deny in every command of a line, and behind what runs it", () => {
  const denied = [
    "rm -rf",
    "rm -rf build",
    "/bin/rm -rf b",
    "rm  -rf b",
    " rm -rf b",
    "rm -rf b > out",
    "rm -rf b # c",
    "./rm -rf b",
    "echo a && rm -rf b",
    "echo a&&rm -rf b",
    "rm -rf b&&echo c",
    "echo a; rm -rf b",
    "echo a | rm -rf b",
    "rm -rf b;",
    "echo a || rm -rf b",
    "echo 1\nrm -rf b",
    "echo 1 & rm -rf b",
    "echo a |& rm -rf b",
    "(rm -rf b)",
    "{ rm -rf b; }",
    "if true; then rm -rf b; fi",
    "for i in 1; do rm -rf b; done",
    "while rm -rf b; do :; done",
    "! rm -rf b",
    "case x in x) rm -rf b;; esac",
    "f() { rm -rf b; }",
    "[ -f x ] && rm -rf b",
    "echo $(rm -rf b)",
    "echo `rm -rf b`",
    'echo "$(rm -rf b)"',
    "a=$(rm -rf b) c",
    "cat <(rm -rf b)",
    "X=1 rm -rf b",
    "FOO=a BAR=1 timeout 3 rm -rf b",
    "timeout 5 rm -rf b",
    "timeout -k 5 3 rm -rf b",
    "sudo rm -rf b",
    "sudo -u root rm -rf b",
    "nice -n 5 rm -rf b",
    "env rm -rf b",
    "env -i A=1 rm -rf b",
    "nohup rm -rf b",
    "time -p rm -rf b",
    "command rm -rf b",
    "exec rm -rf b",
    "stdbuf -o0 rm -rf b",
    "xargs rm -rf",
    "watch rm -rf b",
    "doas rm -rf b",
    "strace rm -rf b",
    "builtin rm -rf b",
    'rm "-rf" b',
    "r\\m -rf b",
    "'rm' -rf b",
    "rm \\\n -rf b",
  ];
  const free = [
    "rm -rfx",
    "rm -fr b",
    "echo 'a && rm -rf b'",
    "echo '$(rm -rf b)'",
    "ls; # rm -rf b",
    "echo rm -rf b",
    "eval rm -rf b",
    "bash -c 'rm -rf b'",
    "xargs -n1 rm -rf b",
    "cat <<EOF\nrm -rf b\nEOF",
    "find . -exec rm -rf {} \\;",
  ];
  const permissions = rules("deny Bash(rm -rf:*)");
  assertEquals(denied.filter((command) => decides(permissions, run(command), place) !== "deny"), []);
  assertEquals(free.filter((command) => decides(permissions, run(command), place) !== "ask"), []);
  const asks = rules("ask Bash(rm -rf:*)", "allow Bash");
  assertEquals(denied.filter((command) => decides(asks, run(command), place) !== "ask"), []);
});

Deno.test("decides() allows a line only when it knows every command of it and all that it does", () => {
  const permissions = rules("allow Bash(foo *)", "allow Bash(bar:*)", "allow Bash(exact one)");
  assertDecides(permissions, {
    "foo": "allow",
    "foo x && bar y": "allow",
    "foo x | bar": "allow",
    "foo x\nbar y": "allow",
    "foo 'a; baz'": "allow",
    "foo x 2>&1": "allow",
    "foo x 2>/dev/null": "allow",
    "foo x # baz": "allow",
    "if foo x; then bar y; fi": "allow",
    "timeout 3 foo x": "allow",
    "nohup foo x": "allow",
    "time foo x": "allow",
    "command foo x": "allow",
    "xargs foo": "allow",
    "exact one": "allow",
    "exact  one": "ask",
    "foo x && baz": "ask",
    "foo x\nbaz": "ask",
    "foo x > out.txt": "ask",
    "foo $(bar y)": "ask",
    "foo `baz`": "ask",
    "foo $VAR": "ask",
    "foo <(baz)": "ask",
    "foo x & bar y": "ask",
    "(foo x)": "ask",
    "X=1 foo x": "ask",
    "sudo foo x": "ask",
    "env foo x": "ask",
    "/bin/foo x": "ask",
    "": "ask",
  }, run);
  assertDecides(rules("allow Bash"), { "foo $(baz) > out & (bar)": "allow" }, run);
});

const files = (".env sub/.env .env.local secrets/k secrets/deep/k sub/secrets/k src/x.ts src/deep/y.ts lib/src/z.ts " +
  "docs/d.md sub/docs/d.md dir/f dir/g/f q1 q12 top.cfg sub/top.cfg cls/1 cls/a CASE.txt mid/x/end sub/mid/x/end a.txt " +
  "sub/a.txt trail/in sub/trail/in star.ts sub/star.ts neg/a neg/b").split(" ");

/** Which of `files` each deny keeps from being read. */
const deniedReads: Readonly<Record<string, string>> = {
  "Read(.env)": ".env sub/.env",
  "Read(./.env)": ".env sub/.env",
  "Read(.env*)": ".env sub/.env .env.local",
  "Read(.env.*)": ".env.local",
  "Read(\\.env)": ".env sub/.env",
  "Read(./secrets/**)": "secrets/k secrets/deep/k sub/secrets/k",
  "Read(secrets/**/k)": "secrets/k secrets/deep/k",
  "Read(sub/secrets/**)": "sub/secrets/k",
  "Read(docs/**)": "docs/d.md sub/docs/d.md",
  "Read(docs/*)": "docs/d.md",
  "Read(docs/**/*)": "docs/d.md",
  "Read(**/docs/**)": "docs/d.md sub/docs/d.md",
  "Read(/docs)": "docs/d.md",
  "Read(/src/**)": "src/x.ts src/deep/y.ts",
  "Read(src/**)": "src/x.ts src/deep/y.ts lib/src/z.ts",
  "Read(src/*.ts)": "src/x.ts",
  "Read(*.ts)": "src/x.ts src/deep/y.ts lib/src/z.ts star.ts sub/star.ts",
  "Read(dir/)": "dir/f dir/g/f",
  "Read(dir/*)": "dir/f dir/g/f",
  "Read(q?)": "q1",
  "Read(q[0-9]*)": "q1 q12",
  "Read(/top.cfg)": "top.cfg",
  "Read(cls/[0-9])": "cls/1",
  "Read(case.txt)": "CASE.txt",
  "Read(mid/*/end)": "mid/x/end",
  "Read(trail)": "trail/in sub/trail/in",
  "Read(./a.txt)": "a.txt sub/a.txt",
  "Read(//p/secrets/**)": "secrets/k secrets/deep/k",
  "Read(//**/.env)": ".env sub/.env",
  "Read(~/**/.env)": "",
  "Read(!neg/b)": "",
  "Read( .env)": "",
  "Read(**)": files.join(" "),
  "Read(./**)": files.join(" "),
  "Read(/**)": files.join(" "),
  "Read(**/*)": files.join(" "),
  "Read(*)": files.join(" "),
};

Deno.test("decides() reads rules for paths as a .gitignore, where a folder to its end is one at any depth", () => {
  const found = Object.keys(deniedReads).map((text) => {
    const permissions = rules(`deny ${text}`);
    return [text, files.filter((file) => decides(permissions, read(file), place) === "deny").join(" ")];
  });
  assertEquals(Object.fromEntries(found), deniedReads);
});

Deno.test("pathGlobs() says the same in plain globs", () => {
  const found = Object.keys(deniedReads).filter((text) => !/\((?:!| |\*\)|~)/.test(text)).map((text) => {
    const [permission] = rules(`deny ${text}`);
    const { globs = [], anchor = "cwd" } = pathGlobs(permission) ?? {};
    const from = anchor === "absolute" ? "p/" : "";
    return [text, files.filter((file) => globs.some((glob) => plain(glob).test(from + file))).join(" ")];
  });
  assertEquals(Object.fromEntries(found), Object.fromEntries(found.map(([text]) => [text, deniedReads[text]])));
});

/** The globs of most clients: no pattern without a slash at any depth, no folder for what is in it. */
function plain(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|\[!|[.]/g, (piece) => {
    return ({ "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]", "[!": "[^", ".": "\\." })[piece] ?? piece;
  });
  return new RegExp(`^${source}$`, "i");
}

Deno.test("pathGlobs() of an allow means the one folder, and it tells what is taken back", () => {
  const globs = (line: string) => pathGlobs(rules(line)[0]);
  assertEquals(globs("allow Edit(docs/**)"), { anchor: "cwd", globs: ["docs/**"], isNegated: false });
  assertEquals(globs("ask Edit(docs/**)"), { anchor: "cwd", globs: ["**/docs", "**/docs/**"], isNegated: false });
  assertEquals(globs("deny Read(/docs/**)"), { anchor: "settings", globs: ["docs", "docs/**"], isNegated: false });
  assertEquals(globs("deny Read(!neg/b)"), { anchor: "cwd", globs: ["neg/b", "neg/b/**"], isNegated: true });
  assertEquals(globs("deny Read(**)"), { anchor: "cwd", globs: ["**"], isNegated: false });
  assertEquals([globs("deny Read"), globs("deny Bash(x)")], [undefined, undefined]);
});

Deno.test("decides() allows edits in the one folder that an allow names", () => {
  const permissions = rules(..."docs/** /src/** *.cfg trail **/mid/**".split(" ").map((text) => `allow Edit(${text})`));
  assertDecides(permissions, {
    "docs/d.md": "allow",
    "sub/docs/d.md": "ask",
    "src/x.ts": "allow",
    "lib/src/z.ts": "ask",
    "sub/top.cfg": "allow",
    "sub/trail/in": "allow",
    "sub/mid/x/end": "allow",
  }, edit);
});

Deno.test("decides() starts paths where their anchors say", () => {
  const permissions = rules(
    "deny Read(~/h/**)",
    "deny Read(//etc/hostname)",
    "deny Read(.env)",
    "user deny Read(/docs/**)",
  );
  assertDecides(permissions, {
    "/h/h/one": "deny",
    "/h/x/h/one": "ask",
    "/etc/hostname": "deny",
    "/p/x/.env": "deny",
    "/h/.env": "ask",
    "/h/.claude/docs/d.md": "deny",
    "/p/docs/d.md": "ask",
  }, read);
  assertEquals(
    decisions(rules("private deny Read(/docs/**)"), [read("docs/d.md"), read(".claude/docs/d.md")]),
    "deny ask",
  );
});

Deno.test("decides() keeps what may not be read from being edited, and takes `Edit` for all edits", () => {
  assertEquals(decisions(rules("deny Read(w)", "allow Edit"), [edit("w"), edit("v")]), "deny allow");
  assertEquals(decisions(rules("deny Edit(w)"), [read("w"), edit("w")]), "ask deny");
  assertEquals(decisions(rules("deny Write(w)", "deny MultiEdit(w)", "allow Edit"), [edit("w")]), "allow");
});

Deno.test("decides() takes back with `!` what rules before it have denied, in their order", () => {
  assertEquals(decisions(rules("deny Read(neg/*)", "deny Read(!neg/b)"), [read("neg/a"), read("neg/b")]), "deny ask");
  assertEquals(decisions(rules("deny Read(!neg/b)", "deny Read(neg/*)"), [read("neg/a"), read("neg/b")]), "deny deny");
});

Deno.test("decides() judges tools of servers, domains and other tools", () => {
  const tool = (text: string): Call => {
    const [server, name] = text.split("/");
    return { tool: "mcp", server, name };
  };
  const all = { "srv/get_a": "deny", "srv2/get_a": "deny", "my srv/get_a": "deny" } as const;
  assertDecides(rules("deny mcp__*"), all, tool);
  assertDecides(rules("deny mcp__sr*"), { ...all, "my srv/get_a": "ask" }, tool);
  assertDecides(rules("deny mcp__my_srv"), { "srv/get_a": "ask", "my srv/get_a": "deny" }, tool);
  assertDecides(rules("deny mcp__my srv"), { "my srv/get_a": "ask" }, tool);
  assertDecides(rules("deny mcp__srv__get_*", "allow mcp__srv"), { "srv/get_a": "deny", "srv/put": "allow" }, tool);
  assertDecides(rules("deny *"), all, tool);
  assertDecides(rules("deny WebFetch(domain:a.com)", "deny WebFetch(domain:*.b.com)", "deny WebFetch(domain:g.*)"), {
    "a.com": "deny",
    "A.com.": "deny",
    "www.a.com": "ask",
    "b.com": "ask",
    "x.y.b.com": "deny",
    "g.org": "deny",
  }, (domain) => ({ tool: "WebFetch", domain }));
  const explore: Call = { tool: "other", name: "Task", specifier: "Explore" };
  assertEquals(decisions(rules("deny Agent(Explore)"), [explore, { ...explore, specifier: "Plan" }]), "deny ask");
});

Deno.test("decides() is not held up by a rule with many stars", () => {
  const stars = "*a".repeat(30);
  assertEquals(
    decisions(rules(`deny Bash(${stars}b)`), [run("a".repeat(2000)), run(`${"a".repeat(2000)}b`)]),
    "ask deny",
  );
  assertEquals(
    decisions(rules(`deny Read(${stars}b)`), [read("a".repeat(2000)), read(`x/${"a".repeat(200)}b`)]),
    "ask deny",
  );
  const folders = `${"**/a/".repeat(30)}b`;
  assertEquals(
    decisions(rules(`deny Read(${folders})`), [read("a/".repeat(300)), read(`${"a/".repeat(300)}b`)]),
    "ask deny",
  );
});

Deno.test("serverInTools() is the name that permissions know a server by", () => {
  assertEquals(["my srv", "a.b/c", "ok_-1"].map(serverInTools), ["my_srv", "a_b_c", "ok_-1"]);
});
