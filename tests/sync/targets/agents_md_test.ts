import { agentsMd } from "../../../src/sync/targets/agents_md.ts";
import { assertEquals } from "../../support/assert.ts";
import { fatesIn, item, projected } from "./items.ts";

const everything = [
  item.instructions(),
  item.rule("ts", { globs: ["**/*.ts"] }),
  item.stdio("files"),
  item.skill("pdf"),
  item.agent("reviewer"),
  item.command("db/migrate"),
  item.permission("deny", "Read(.env)"),
  item.permission("allow", "Bash(ls:*)"),
  item.hook("Stop"),
  item.env("CI", "1"),
  item.setting("defaultMode", "plan"),
];

Deno.test("agentsMd writes AGENTS.md and .agents/skills of a project, and nothing else", () => {
  const { files, fates } = projected(agentsMd, everything);
  assertEquals(files.map(({ path }) => path), [
    "/p/AGENTS.md",
    "/p/.agents/skills/pdf",
    "/p/.agents/skills/db-migrate/SKILL.md",
    "/p/.agents/skills/db-migrate/agents/openai.yaml",
  ]);
  assertEquals(fatesIn(fates), [
    "instructions exact",
    "rule approximated",
    "server refused",
    "skill exact",
    "agent refused",
    "command approximated",
    "permission refused",
    "permission approximated",
    "hook refused",
    "env refused",
    "setting refused",
  ]);
});

Deno.test("agentsMd gives a user skills alone: there is no AGENTS.md that all agents read", () => {
  const own = [item.instructions({ scope: "user" }), item.skill("pdf", { scope: "user" })];
  const { files, fates } = projected(agentsMd, own, { scope: "user" });
  assertEquals(files, [{ kind: "link", path: "/h/.agents/skills/pdf", to: "../../.claude/skills/pdf" }]);
  assertEquals(fatesIn(fates), ["instructions refused", "skill exact"]);
});

Deno.test("agentsMd refuses all that is private, and says nothing of what is of another scope", () => {
  const items = [
    item.instructions({ scope: "private" }),
    item.permission("deny", "Bash", { scope: "private" }),
    item.env("CI", "1", { scope: "user" }),
  ];
  const { files, fates } = projected(agentsMd, items);
  assertEquals([files, fatesIn(fates)], [[], ["instructions refused", "permission refused"]]);
});
