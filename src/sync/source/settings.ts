// What a settings file says: permissions, hooks, variables, settings of the permission system, and which servers of the
// project are wanted. A value of the wrong kind is a problem: a deny that is passed over is a deny that is gone.

import { asObject, field, type JsonObject, numberField, textField } from "../../base/decode.ts";
import { ownCall } from "../../base/own_command.ts";
import type { Hook, Permission, Scope, Setting, Variable } from "../model.ts";
import { permissionOf } from "../permission.ts";
import type { Reader } from "./reader.ts";

/** A settings file. */
export interface SettingsFile {
  readonly scope: Scope;
  readonly path: string;
  readonly value: JsonObject;
}

/** What the settings say of the servers of the project. */
export interface Gates {
  readonly enabled: readonly string[];
  readonly disabled: readonly string[];
  readonly enablesAll?: boolean;
}

const actions = ["deny", "ask", "allow"] as const;
const settingNames = ["defaultMode", "additionalDirectories", "disableBypassPermissionsMode"] as const;
const wordsOfHooks = ["hook", "lock", "notify", "sync-roots"];
const hookFields = new Set(["type", "command", "timeout"]);

/** Reads the settings of a scope; `undefined` when there are none. */
export function readSettings(scope: Scope, path: string, reader: Reader): SettingsFile | undefined {
  const value = reader.json(path);
  return value && { scope, path, value };
}

/** Returns the items of a settings file but its hooks. */
export function itemsOfSettings(file: SettingsFile, reader: Reader): (Permission | Setting | Variable)[] {
  return [...permissionsOf(file, reader), ...settingsOf(file, reader), ...variablesOf(file, reader)];
}

/** Returns the hooks of settings files, the weakest first. The strongest that speaks of it may switch them all off. */
export function hooksOf(files: readonly SettingsFile[], reader: Reader): Hook[] {
  const isOff = files.findLast(({ value }) => field(value, "disableAllHooks") !== undefined)?.value.disableAllHooks;
  return isOff === true ? [] : files.flatMap((file) => hooksIn(file, reader));
}

/** Returns what settings files, the weakest first, say of the servers of the project. */
export function gatesOf(files: readonly SettingsFile[], reader: Reader): Gates {
  const list = (name: string) => files.flatMap((file) => textsIn(file, [name], reader).map(({ text }) => text));
  const all = files.findLast(({ value }) => field(value, "enableAllProjectMcpServers") !== undefined);
  return {
    enabled: list("enabledMcpjsonServers"),
    disabled: list("disabledMcpjsonServers"),
    enablesAll: all && all.value.enableAllProjectMcpServers === true,
  };
}

function permissionsOf(file: SettingsFile, reader: Reader): Permission[] {
  return actions.flatMap((action) =>
    textsIn(file, ["permissions", action], reader).map(({ text, index }) =>
      permissionOf(action, text, reader.pointed(file.scope, file.path, "permissions", action, index))
    )
  );
}

function settingsOf({ scope, path, value }: SettingsFile, reader: Reader): Setting[] {
  const permissions = field(value, "permissions");
  return settingNames.flatMap((name) => {
    const said = field(permissions, name);
    return said === undefined
      ? []
      : [{ kind: "setting", name, value: said, origin: reader.pointed(scope, path, "permissions", name) }];
  });
}

function variablesOf({ scope, path, value }: SettingsFile, reader: Reader): Variable[] {
  return Object.entries(objectIn(value, "env", { path, reader })).flatMap(([name, said]) => {
    if (["string", "number", "boolean"].includes(typeof said)) {
      return [{ kind: "env", name, value: String(said), origin: reader.pointed(scope, path, "env", name) }];
    }
    reader.problem(path, `env.${name} must be a text`);
    return [];
  });
}

function hooksIn({ scope, path, value }: SettingsFile, reader: Reader): Hook[] {
  return Object.entries(objectIn(value, "hooks", { path, reader })).flatMap(([event, groups]) =>
    objectsIn(groups, `hooks.${event}`, { path, reader }).flatMap(([group, i]) =>
      objectsIn(field(group, "hooks"), `hooks.${event}[${i}].hooks`, { path, reader }).flatMap(([hook, j]): Hook[] => {
        const type = textField(hook, "type");
        if (isOfTruce(hook)) return [];
        if (type === undefined || type === "command" && textField(hook, "command") === undefined) {
          reader.problem(path, `hooks.${event}[${i}].hooks[${j}] has no ${type === undefined ? "type" : "command"}`);
          return [];
        }
        const origin = reader.pointed(scope, path, "hooks", event, i, "hooks", j);
        return [withoutUndefined({ ...fieldsOfHook(group, hook), kind: "hook", event, type, origin })];
      })
    )
  );
}

/** Each agent is told to call truce by `truce install`, in its own dialect: that is no configuration to be carried over. */
function isOfTruce(hook: JsonObject): boolean {
  const [word = ""] = ownCall(textField(hook, "command") ?? "")?.words ?? [];
  return wordsOfHooks.includes(word) ||
    /^http:\/\/127\.0\.0\.1:\d+\/hooks\/claude\//.test(textField(hook, "url") ?? "");
}

function fieldsOfHook(group: JsonObject, hook: JsonObject) {
  const rest = Object.entries(hook).filter(([name]) => !hookFields.has(name));
  return {
    matcher: textField(group, "matcher"),
    command: textField(hook, "command"),
    timeoutS: numberField(hook, "timeout"),
    rest: rest.length === 0 ? undefined : Object.fromEntries(rest),
  };
}

/** Returns `object` without fields that are there but `undefined`. */
export function withoutUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

interface Where {
  readonly path: string;
  readonly reader: Reader;
}

function textsIn(
  { path, value }: SettingsFile,
  names: readonly string[],
  reader: Reader,
): { readonly text: string; readonly index: number }[] {
  const [name] = names.slice(-1);
  const parent = names.length === 1 ? value : objectIn(value, names[0], { path, reader });
  const list = field(parent, name);
  if (list === undefined) return [];
  if (Array.isArray(list) && list.every((item) => typeof item === "string")) {
    return list.map((text, index) => ({ text, index }));
  }
  reader.problem(path, `${names.join(".")} must be a list of texts`);
  return [];
}

function objectIn(value: JsonObject, name: string, { path, reader }: Where): JsonObject {
  const said = field(value, name);
  const object = said === undefined ? {} : asObject(said);
  if (object === undefined) reader.problem(path, `${name} must be an object`);
  return object ?? {};
}

function objectsIn(list: unknown, name: string, { path, reader }: Where): [JsonObject, number][] {
  const objects = Array.isArray(list) ? list.map(asObject) : [undefined];
  if (objects.includes(undefined)) reader.problem(path, `${name} must be a list of objects`);
  return objects.flatMap((object, i): [JsonObject, number][] => object === undefined ? [] : [[object, i]]);
}
