import type { Target } from "../../../src/sync/model.ts";
import { gemini } from "../../../src/sync/targets/gemini.ts";
import { opencode } from "../../../src/sync/targets/opencode.ts";
import { assertEquals } from "../../support/assert.ts";
import { Place } from "../../support/place.ts";
import { syncTo } from "../../support/sync_to.ts";

const permissions = {
  deny: ["Bash(rm -rf:*)", "Read(secrets/**)", "mcp__fs"],
  ask: ["Bash(git push:*)"],
  allow: ["Edit(src/**)"],
};
const files: Readonly<Record<string, string>> = {
  "CLAUDE.md": "# Rules\n@docs/a.md\n",
  "docs/a.md": "Layers.\n",
  "rules/api.md": "---\npaths: src/**\n---\nApi.\n",
  "skills/pdf/SKILL.md": "---\nname: pdf\ndescription: PDF\n---\nDo it.\n",
  "agents/db.md": "---\nname: db\ndescription: SQL\ntools: Read\n---\nKnow it.\n",
  "commands/db/go.md": "Go $ARGUMENTS.\n",
  "settings.json": JSON.stringify({
    permissions,
    hooks: { PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command: "true" }] }] },
  }),
};
const servers = JSON.stringify({ mcpServers: { fs: { command: "true" }, off: { command: "x" } } });

for (const target of [gemini, opencode]) {
  for (const scope of ["user", "project"] as const) {
    Deno.test(`${target.name} writes nothing when its ${scope} scope is as it was, and takes back all that it wrote`, async () => {
      using place = new Place();
      const root = scope === "user" ? place.home : place.project;
      const own = ownFile(target, root);
      write(own, '{\n  // mine\n  "theme": "dark"\n}\n');
      for (const [path, text] of Object.entries(files)) write(`${root}/.claude/${path}`, text);
      write(scope === "user" ? `${root}/.claude.json` : `${root}/.mcp.json`, servers);
      const at = scope === "user" ? { scope, home: root } as const : { scope, project: root } as const;
      const before = snapshot(root);

      const first = await syncTo(target, at);
      assertEquals(first.changes.length > 5, true);
      const written = snapshot(root);
      const second = await syncTo(target, at, first.record);
      assertEquals([second.changes, snapshot(root)], [[], written]);

      for (const path of Object.keys(files)) Deno.removeSync(`${root}/.claude/${path}`);
      Deno.removeSync(scope === "user" ? `${root}/.claude.json` : `${root}/.mcp.json`);
      await syncTo(target, at, second.record);
      const left = snapshot(root);
      const kept = Object.keys(before).filter((path) => !path.startsWith(".claude") && path !== ".mcp.json");
      assertEquals(left, Object.fromEntries(kept.map((path) => [path, before[path]])));
    });
  }
}

/** The file with settings, which a person has, too. */
function ownFile(target: Target, root: string): string {
  if (target === gemini) return `${root}/.gemini/settings.json`;
  return root.endsWith("/home") ? `${root}/.config/opencode/opencode.jsonc` : `${root}/.opencode/opencode.jsonc`;
}

function write(path: string, text: string): void {
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  Deno.writeTextFileSync(path, text);
}

/** Returns all files and links below a folder with what they hold. */
function snapshot(root: string, below = ""): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, isDirectory, isSymlink } of Deno.readDirSync(`${root}/${below}`)) {
    const path = below === "" ? name : `${below}/${name}`;
    if (isSymlink) found[path] = `-> ${Deno.readLinkSync(`${root}/${path}`)}`;
    else if (isDirectory) Object.assign(found, snapshot(root, path));
    else found[path] = Deno.readTextFileSync(`${root}/${path}`);
  }
  return found;
}
