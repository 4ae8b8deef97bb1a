import { asObject, type JsonObject } from "../../src/base/decode.ts";
import { type HookEvent, type Host, momentOf, moments, type Verdict } from "../../src/hosts/host.ts";

/** Returns the payload that a host sent, as it was captured, and its names in the folder of fixtures. */
export function fixture(host: Host, name: string): JsonObject {
  return asObject(JSON.parse(Deno.readTextFileSync(new URL(`${name}.json`, folderOf(host))))) ?? {};
}

/** Returns the names of all that was captured of `host`. */
export function fixtureNames(host: Host): string[] {
  return Array.from(Deno.readDirSync(folderOf(host)), ({ name }) => name.replace(/\.json$/, "")).sort();
}

/** Returns the event of a payload, or `undefined` when truce does not act on it. What it does not name, `typed` does. */
export function eventOf(host: Host, payload: JsonObject, typed = ""): HookEvent | undefined {
  const moment = momentOf(host, String(payload.hook_event_name ?? payload.hook ?? typed));
  return moment === undefined ? undefined : host.decode(payload, moment);
}

/** Returns a summary of the event of each captured payload. The name of its file begins with that of the event. */
export function capturedSummaries(host: Host): Record<string, string> {
  return Object.fromEntries(
    fixtureNames(host).map((name) => [name, summary(eventOf(host, fixture(host, name), name.split("-")[0]))]),
  );
}

/** Returns in one line what matters of an event: moment, agent, action, call, paths, whose text was shown, batch, folder. */
export function summary(event: HookEvent | undefined): string {
  if (event === undefined) return "-";
  const { moment, agentId, tool, batch, folder } = event;
  const use = tool === undefined ? [] : [
    tool.action,
    tool.callId,
    ...tool.paths,
    tool.shown.length > 0 ? `shows ${tool.shown.map(({ path }) => path)}` : "",
    tool.isFailed ? "failed" : "",
  ];
  const words = [moment, agentId ?? "", ...use, ...batch === undefined ? [] : [`batch ${batch}`], folder ?? ""];
  return words.filter((word) => word !== "").join(" ");
}

/** Returns the replies of `host` to one verdict, by moment, without those where it is silent. */
export function replies(host: Host, verdict: Verdict): Record<string, JsonObject> {
  const all: Record<string, JsonObject> = {};
  for (const moment of moments) {
    const reply = host.encode(host.decode({}, moment), verdict);
    if (reply !== undefined) all[moment] = reply;
  }
  return all;
}

function folderOf(host: Host): URL {
  return new URL(`../hosts/fixtures/${host.name}/`, import.meta.url);
}
