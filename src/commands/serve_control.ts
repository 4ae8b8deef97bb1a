// What a person does with the daemon from outside.

import { asObject, field, numberField, textField } from "../base/decode.ts";
import { sayDuration } from "../base/duration.ts";
import { TruceError } from "../base/error.ts";
import { resolvePath } from "../base/path.ts";
import { safeLine } from "../base/safe_text.ts";
import { askDaemon, type Asked, stopDaemon } from "../daemon/ask.ts";
import { placesIn } from "../daemon/places.ts";
import { readToken } from "../daemon/token.ts";
import { makePrivateFolder, readText } from "../platform/files.ts";
import { columns } from "./columns.ts";
import type { Context, Outcome } from "./command.ts";
import type { ServeOptions } from "./serve.ts";

const startMaxMs = 20_000;
const statusMaxMs = 5_000;
const headings = ["SERVER", "STATE", "UP", "MEMORY", "DOCUMENTS", "RESTARTS", "FOLDERS"];

/** Starts the daemon in the background, unless one runs that serves what is wanted, and waits until it answers. */
export async function detach(context: Context, { port, idleMs }: ServeOptions): Promise<Outcome> {
  const idle = context.args.values.idle;
  const words = [
    ...port === undefined ? [] : ["--http", "--port", String(port)],
    ...idle === undefined ? [] : ["--idle", `${(idleMs ?? 0) / 1000}`],
  ];
  const start = () => askDaemon(context, { path: "/health", timeoutMs: startMaxMs, effort: "start", words });
  let asked = await start();
  if (asked.kind === "answer" && !isServing(asked.value, context, port)) {
    await stopDaemon(context, numberField(asked.value, "pid"));
    asked = await start();
  }
  if (asked.kind === "answer" && isServing(asked.value, context, port)) {
    const served = numberField(asked.value, "port");
    const where = served === undefined ? "" : ` and answers on http://127.0.0.1:${served}`;
    return report(0, `The daemon runs as process ${numberField(asked.value, "pid")}${where}`, asked.value);
  }
  const why = asked.kind === "answer" ? "it does not serve HTTP" : asked.reason.text;
  throw new TruceError("unavailable", `Cannot start the daemon: ${why}`, {
    hint: "Run it without --detach to see why",
  });
}

/** Says whether a daemon serves HTTP as it is wanted. One that serves it where nobody has asked for will do. */
function isServing(identity: unknown, { args }: Context, port: number | undefined): boolean {
  const served = numberField(identity, "port");
  if (port === undefined) return true;
  return args.values.port === undefined || port === 0 ? served !== undefined : served === port;
}

/** Has the daemon end, and waits for that. */
export async function stop(context: Context): Promise<Outcome> {
  const reply = await stopDaemon(context);
  if (reply.kind === "nobody") return report(0, "No daemon runs", { stopped: false });
  if (reply.kind === "answer" || reply.kind === "lost") return report(0, "The daemon has ended", { stopped: true });
  const pid = readText(placesOf(context).lock)?.trim();
  throw new TruceError("unavailable", "Cannot stop the daemon: it does not answer", {
    hint: pid ? `End its process: kill ${pid}` : undefined,
  });
}

/** Prints the token, which is made when there is none. */
export async function showToken(context: Context): Promise<Outcome> {
  const { folder, token } = placesOf(context);
  makePrivateFolder(folder);
  const secret = await readToken(token);
  return report(0, secret, { token: secret });
}

/** Shows what the daemon does and uses. */
export async function showStatus(context: Context): Promise<Outcome> {
  const asked = await askDaemon(context, { path: "/status", timeoutMs: statusMaxMs, effort: "ask" });
  if (asked.kind === "answer") return report(0, statusText(asked.value), { running: true, ...asObject(asked.value) });
  return report(1, sayAbsence(asked), { running: false, reason: asked.reason.text });
}

function sayAbsence({ reason }: Extract<Asked, { kind: "unavailable" }>): string {
  return reason.key === "daemon start" ? "No daemon runs. Hooks start it, or: truce serve --detach" : reason.text;
}

/** Says what `GET /status` has answered; a daemon of another build may leave things out. */
function statusText(status: unknown): string {
  const number = (name: string) => numberField(status, name) ?? 0;
  const port = numberField(status, "port");
  const lines = [
    `The daemon runs as process ${number("pid")} since ${sayDuration(number("uptimeS"))} (${
      textField(status, "build")
    })`,
    `${number("requests")} requests, ${number("inFlight")} being answered; ${number("count")} locks; ` +
    `${sayMegabytes(number("memoryBytes"))} of memory without its servers`,
    ...port === undefined ? [] : [`It answers on http://127.0.0.1:${port}, too`],
  ];
  const servers = listIn(status, "servers");
  const table = servers.length === 0 ? "No language server runs" : columns(headings, servers.map(serverRow));
  const errors = listIn(status, "errors").map((one) =>
    `  ${textField(one, "at")} ${safeLine(textField(one, "error") ?? "")}`
  );
  return [...lines, table, ...errors.length === 0 ? [] : ["Last errors:", ...errors]].join("\n");
}

function serverRow(server: unknown): string[] {
  const number = (name: string) => numberField(server, name);
  const error = textField(server, "lastError");
  return [
    safeLine(textField(server, "name") ?? ""),
    safeLine(`${textField(server, "state")}${error === undefined ? "" : `: ${error}`}`),
    sayDuration(number("upS") ?? 0),
    sayMegabytes(number("memoryBytes") ?? 0),
    String(number("documents") ?? 0),
    String(number("restarts") ?? 0),
    safeLine(listIn(server, "folders").join(" ")),
  ];
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = field(value, name);
  return Array.isArray(list) ? list : [];
}

function sayMegabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}

function placesOf(context: Context) {
  return placesIn(resolvePath(context.cwd, context.stateFolder()));
}

function report(exitCode: 0 | 1, text: string, json: unknown): Outcome {
  return { kind: "report", text, json, exitCode };
}
