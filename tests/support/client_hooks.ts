import { asObject, field } from "../../src/base/decode.ts";
import { writeFile } from "./client_project.ts";
import type { PluginClient } from "./clients.ts";
import { elements } from "./mock_dialect.ts";

/** What a session's copy of the installed hooks has that the installed ones have not. */
export interface HookChanges {
  /** How long an edit waits for its file; 0 is a denial at once. */
  readonly waitS?: number;
  /** A shell command that runs before an edit beside ours, as the hook of somebody else. */
  readonly beforeEdit?: string;
  /** What runs before and after our hook that follows a read of Claude, beside which the session goes on. */
  readonly aroundReadHook?: { readonly before?: string; readonly after?: string };
}

/** Root of the repository. */
export const repository = Deno.realPathSync(`${import.meta.dirname}/../..`);

const beforeEditEvents: Readonly<Record<PluginClient, string>> = { claude: "PreToolUse", gemini: "BeforeTool" };

/** Copies the plugin or the extension of a client, as it is generated, into `folder`, with `changes`. */
export function copyHooks(client: PluginClient, folder: string, changes: HookChanges): void {
  const installed = `${repository}/hooks/${client}`;
  for (const name of namesIn(installed)) {
    const text = Deno.readTextFileSync(`${installed}/${name}`);
    if (!name.endsWith(".json")) {
      writeFile(`${folder}/${name}`, text);
      continue;
    }
    const content = asObject(JSON.parse(text)) ?? {};
    for (const group of elements(field(content.hooks, beforeEditEvents[client]))) changeEditHooks(group, changes);
    for (const group of elements(field(content.hooks, "PostToolUse"))) changeReadHooks(group, changes);
    writeFile(`${folder}/${name}`, JSON.stringify(content));
  }
}

function changeEditHooks(group: unknown, { waitS, beforeEdit }: HookChanges): void {
  const hooks = hooksOf(group);
  if (waitS !== undefined) {
    for (const hook of hooks) hook.command = hook.command.replace(/ --format \w+/, `$& --timeout ${waitS}`);
  }
  if (beforeEdit !== undefined) hooks.push({ type: "command", command: beforeEdit });
}

function changeReadHooks(group: unknown, { aroundReadHook }: HookChanges): void {
  if (aroundReadHook === undefined || field(group, "matcher") !== "Read") return;
  const { before = "true", after = "true" } = aroundReadHook;
  for (const hook of hooksOf(group)) hook.command = `${before}; (${hook.command}); ${after}`;
}

function hooksOf(group: unknown): { type: string; command: string }[] {
  return field(group, "hooks") as { type: string; command: string }[];
}

/** Returns settings of Claude Code with hooks as a person writes them; `beforeEdit` is one of somebody else. */
export function handWrittenSettings(beforeEdit = "true"): Record<string, unknown> {
  const edits = "Edit|Write|NotebookEdit";
  const hook = (command: string) => ({ type: "command", command, timeout: 200 });
  const acquire = hook("truce lock acquire --timeout 180 --format claude");
  return {
    hooks: {
      PreToolUse: [{ matcher: edits, hooks: [acquire, hook(beforeEdit)] }],
      PostToolUse: [
        { matcher: edits, hooks: [hook("truce lock release --grace 30")] },
        { matcher: "Read", hooks: [hook("truce lock track-read")] },
      ],
      PostToolUseFailure: [{ matcher: edits, hooks: [hook("truce lock release --grace 0")] }],
    },
  };
}

function namesIn(folder: string, prefix = ""): string[] {
  return [...Deno.readDirSync(`${folder}/${prefix}`)].flatMap(({ name, isDirectory }) =>
    isDirectory ? namesIn(folder, `${prefix}${name}/`) : [`${prefix}${name}`]
  );
}
