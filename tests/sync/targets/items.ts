// Items of a source, as short as the tests of targets want them.

import type {
  Agent,
  Hook,
  Instructions,
  Item,
  Origin,
  Permission,
  Projection,
  Rule,
  Scope,
  Server,
  Setting,
  Skill,
  SlashCommand,
  Target,
  Variable,
  WantedFile,
} from "../../../src/sync/model.ts";
import { permissionOf } from "../../../src/sync/permission.ts";

interface Where {
  readonly scope?: Scope;
}

/** Makes items of a project in /p, or of a user in /h. */
export const item = {
  instructions({ scope, path, ...fields }: Partial<Instructions> & Where & { path?: string } = {}): Instructions {
    const text = fields.text ?? "Text.";
    return {
      kind: "instructions",
      name: "",
      text,
      expanded: text,
      ...fields,
      origin: from(path ?? "CLAUDE.md", scope),
    };
  },
  rule(name: string, { scope, ...fields }: Partial<Rule> & Where = {}): Rule {
    return { kind: "rule", name, text: "Rule.", globs: [], ...fields, origin: from(`.claude/rules/${name}.md`, scope) };
  },
  stdio(
    name: string,
    { scope, ...fields }: Where & {
      command?: string;
      args?: string[];
      env?: Record<string, string>;
      cwd?: string;
      timeoutMs?: number;
      isEnabled?: boolean;
    } = {},
  ): Server {
    const { timeoutMs, isEnabled = true, command = "serve", args = [], env = {}, cwd } = fields;
    const transport = { type: "stdio" as const, command, args, env, ...(cwd === undefined ? {} : { cwd }) };
    const time = timeoutMs === undefined ? {} : { timeoutMs };
    return { kind: "server", name, transport, ...time, isEnabled, unknown: [], origin: from(".mcp.json", scope) };
  },
  remote(
    name: string,
    { scope, ...fields }: Where & {
      type?: "http" | "sse" | "ws";
      url?: string;
      headers?: Record<string, string>;
      headersHelper?: string;
    } = {},
  ): Server {
    const transport = { type: "http" as const, url: "https://mcp.example/x", headers: {}, ...fields };
    return { kind: "server", name, transport, isEnabled: true, unknown: [], origin: from(".mcp.json", scope) };
  },
  skill(name: string, { scope, ...fields }: Partial<Skill> & Where = {}): Skill {
    const folder = `${rootOf(scope)}/.claude/skills/${name}`;
    const origin = { scope: scope ?? "project" as const, path: `${folder}/SKILL.md` };
    return { kind: "skill", name, description: "Does.", folder, isManual: false, ...fields, origin };
  },
  agent(name: string, { scope, ...fields }: Partial<Agent> & Where = {}): Agent {
    const origin = from(`.claude/agents/${name}.md`, scope);
    return {
      kind: "agent",
      name,
      description: "Does.",
      disallowedTools: [],
      body: "Do what is asked.",
      rest: {},
      ...fields,
      origin,
    };
  },
  command(name: string, { scope, ...fields }: Partial<SlashCommand> & Where = {}): SlashCommand {
    return {
      kind: "command",
      name,
      allowedTools: [],
      body: "Do.",
      ...fields,
      origin: from(`.claude/commands/${name}.md`, scope),
    };
  },
  permission(action: Permission["action"], text: string, { scope }: Where = {}): Permission {
    return permissionOf(action, text, from(".claude/settings.json", scope));
  },
  hook(event: string, { scope, ...fields }: Partial<Hook> & Where = {}): Hook {
    const origin = from(".claude/settings.json", scope);
    return { kind: "hook", event, type: "command", command: "check", ...fields, origin };
  },
  env(name: string, value: string, { scope }: Where = {}): Variable {
    return { kind: "env", name, value, origin: from(".claude/settings.json", scope) };
  },
  setting(name: Setting["name"], value: unknown, { scope }: Where = {}): Setting {
    return { kind: "setting", name, value, origin: from(".claude/settings.json", scope) };
  },
};

/** Projects items to a target, which reads `files`. */
export function projected(
  target: Target,
  items: readonly Item[],
  { scope = "project", files = {}, allowsRules = false }: {
    scope?: "user" | "project";
    files?: Readonly<Record<string, string>>;
    allowsRules?: boolean;
  } = {},
): Projection {
  const place = scope === "user" ? { home: "/h" } : { project: "/p" };
  return target.project({ items }, { scope, ...place, read: (path) => files[path], allowsRules });
}

/** Returns the values that are set in the file `path`, by their pointers; what goes into lists as a list. */
export function valuesIn(files: readonly WantedFile[], path: string): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const file of files) {
    if (file.kind !== "keys" || file.path !== path) continue;
    for (const { pointer, value } of file.entries) {
      const list = values[pointer];
      values[pointer] = pointer.endsWith("/-") ? [...Array.isArray(list) ? list : [], value] : value;
    }
  }
  return values;
}

/** Returns kind and outcome of each fate. */
export function fatesIn(fates: Projection["fates"]): string[] {
  return fates.map(({ item, outcome }) => `${item.kind} ${outcome}`);
}

function rootOf(scope: Scope = "project"): string {
  return scope === "user" ? "/h" : "/p";
}

function from(path: string, scope: Scope = "project"): Origin {
  return { scope, path: `${rootOf(scope)}/${path}` };
}
