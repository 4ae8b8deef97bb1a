import { TruceError } from "../base/error.ts";
import { resolvePath, shownFrom } from "../base/path.ts";
import { safeLine } from "../base/safe_text.ts";
import { type Start, startsIn } from "../lsp/settings.ts";
import { revoke, trust } from "../lsp/trust.ts";
import { lookThrough } from "../platform/files.ts";
import { openStore } from "../store/open.ts";
import { type Command, commonFlags, type Context, type Outcome } from "./command.ts";
import { type ConfigFile, projectConfig } from "./config.ts";

const shownMax = 2_000;

/** `truce trust [FOLDER]`: lets the truce.jsonc of a project name commands. */
export const command: Command = {
  usage: `[FOLDER] [--revoke] [--json]

  For the nearest truce.jsonc at or above FOLDER (default: where you are), as it is now: a change needs another
  truce trust. With --revoke, exit code 1: it was not trusted.`,
  flags: { values: commonFlags.values, switches: [...commonFlags.switches, "revoke"] },
  isHookUse: () => false,
  run(context) {
    const config = configMeant(context);
    return context.args.switches.has("revoke") ? distrust(context, config) : remember(context, config);
  },
};

async function remember(context: Context, { path, text, value, problem }: ConfigFile): Promise<Outcome> {
  if (problem !== undefined) throw new TruceError("unavailable", `Cannot trust "${path}": ${problem}`);
  const starts = startsIn(value);
  await trust(openStore(context.stateFolder(), context.log), path, text);
  const name = shownFrom(context.cwd, path);
  const allowed = starts.length === 0
    ? `${name} names no command`
    : `${name} may from now on run, or have installed:\n${starts.map(sayStart).join("\n")}`;
  return {
    kind: "report",
    text: `${allowed}\n${name} is trusted as it is now; a change needs another truce trust`,
    json: { trusted: true, path, allowed: starts },
    exitCode: 0,
  };
}

async function distrust(context: Context, { path }: ConfigFile): Promise<Outcome> {
  const wasTrusted = await revoke(openStore(context.stateFolder(), context.log), path);
  return {
    kind: "report",
    text: `${shownFrom(context.cwd, path)} ${wasTrusted ? "is not trusted any more" : "was not trusted"}`,
    json: { trusted: false, path, wasTrusted },
    exitCode: wasTrusted ? 0 : 1,
  };
}

function configMeant({ args, cwd }: Context): ConfigFile {
  const [typed = ".", ...more] = args.rest;
  if (more.length > 0) throw new TruceError("usage", `Cannot trust ${args.rest.length} folders: one is needed`);
  const folder = resolvePath(cwd, typed);
  if (lookThrough(folder) === undefined) {
    throw new TruceError("usage", `Cannot trust "${typed}": there is no such folder`);
  }
  const config = projectConfig(folder);
  if (config !== undefined) return config;
  throw new TruceError("unavailable", `Cannot trust "${typed}": there is no truce.jsonc in it or above it`, {
    hint: "Name the folder of the project: truce trust FOLDER",
  });
}

/** All of it is shown, since all of it may run; what acts on a terminal is not. */
function sayStart({ server, field, value }: Start): string {
  return `  ${safeLine(`${server}: ${field} ${JSON.stringify(value)}`, shownMax)}`;
}
