import { TruceError } from "../base/error.ts";
import { shownFrom } from "../base/path.ts";
import { openSync, restoreLast } from "../sync/apply.ts";
import { type Command, commonFlags } from "./command.ts";
import { placeOf, scopeNamed } from "./sync_work.ts";

const waitMs = 30_000;

/** `truce sync restore`: undoes the last sync byte for byte. */
export const command: Command = {
  usage: `[--scope user|project] [--force]

  --scope  whose last sync is undone (default: the project's)
  --force  also where a file was changed since`,
  flags: { values: [...commonFlags.values, "scope"], switches: [...commonFlags.switches, "force"] },
  isHookUse: () => false,
  async run(context) {
    const place = placeOf(context, scopeNamed(context.args.values.scope));
    const sync = await openSync(place, { waitMs });
    if (sync === undefined) {
      throw new TruceError("unavailable", `Cannot undo a sync of "${place.root}": a sync is already running`);
    }
    try {
      const { written } = await restoreLast(sync, { isForced: context.args.switches.has("force") });
      const lines = written.map((path) => `restored ${shownFrom(place.root, path)}`);
      return { kind: "report", text: lines.join("\n"), json: { restored: written }, exitCode: 0 };
    } finally {
      sync.close();
    }
  },
};
