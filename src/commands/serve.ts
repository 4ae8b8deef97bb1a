import { parseSeconds } from "../base/duration.ts";
import { TruceError } from "../base/error.ts";
import { variable } from "../platform/dirs.ts";
import { type Command, commonFlags, type Context, type Outcome } from "./command.ts";

const usualPort = "9876";
const usualIdleS = 1_800;
const idleBounds = { minS: 1, maxS: 7 * 86_400 };

/** How a daemon is to run. */
export interface ServeOptions {
  /** The port of the loopback interface, if that is served: `undefined` is no, 0 any that is free. */
  readonly port: number | undefined;
  /** How long it waits for somebody to ask; `undefined` is for ever. */
  readonly idleMs: number | undefined;
}

/** `truce serve`: the daemon, or what a person does with it. */
export const command: Command = {
  usage: `[--http [--port N]] [--idle TIME] [--detach]
       truce serve --status [--json] | --stop | --token

  Without --detach it runs in the foreground, until Ctrl-C or SIGTERM. Hooks start it when they need it.

  --http    answer on 127.0.0.1, too, to those who have the token; see --token
  --port    where (default: FILE_LOCK_PORT, else ${usualPort}; 0: any port that is free)
  --idle    end when nobody asked for so long: 90, 90s, 30m or 2h (default ${usualIdleS / 60}m; with --http never)
  --detach  go on in the background, and return when it answers
  --status  show what it does and uses
  --stop    have it finish what it does and end
  --token   print the token for HTTP, for the header Authorization: Bearer TOKEN

  Exit code 1: another one runs already; with --status, none runs.`,
  // With --background, which hooks and --detach use, it says nothing, also where another one runs.
  flags: {
    values: [...commonFlags.values, "port", "idle"],
    switches: [...commonFlags.switches, "http", "detach", "background", "status", "stop", "token"],
  },
  isHookUse: () => false,
  async run(context) {
    const { rest, switches } = context.args;
    if (rest.length > 0) throw new TruceError("usage", `Cannot use "${rest[0]}": serve takes flags only`);
    const options = optionsOf(context);
    if (!["status", "stop", "token", "detach"].some((name) => switches.has(name))) return await serve(context, options);
    const control = await import("./serve_control.ts");
    if (switches.has("status")) return await control.showStatus(context);
    if (switches.has("token")) return await control.showToken(context);
    return switches.has("stop") ? await control.stop(context) : await control.detach(context, options);
  },
};

async function serve(context: Context, options: ServeOptions): Promise<Outcome> {
  const { serveHere } = await import("./serve_here.ts");
  return await serveHere(context, options);
}

function optionsOf({ args: { values, switches } }: Context): ServeOptions {
  const isHttp = switches.has("http");
  const idle = values.idle === undefined ? undefined : parseSeconds("--idle", values.idle, idleBounds);
  const idleS = idle ?? (isHttp ? undefined : usualIdleS);
  const port = isHttp ? httpPort(values.port) : undefined;
  return { port, idleMs: idleS === undefined ? undefined : idleS * 1000 };
}

/** Returns the port for HTTP: the one that was typed, else that of this environment. Throws a TruceError for what is none. */
export function httpPort(typed?: string): number {
  return portOf(typed ?? variable("FILE_LOCK_PORT") ?? usualPort);
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw new TruceError("usage", `Cannot use the port "${text}": it is no number from 0 to 65535`);
}
