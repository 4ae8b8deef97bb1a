import { TruceError } from "../base/error.ts";
import { shownFrom } from "../base/path.ts";
import { openStore } from "../store/open.ts";
import { openSync, restoreLast } from "../sync/apply.ts";
import { forgetInputs } from "../sync/inputs.ts";
import { type Command, commonFlags } from "./command.ts";
import { placeOf, scopeNamed } from "./sync_place.ts";

const waitMs = 30_000;

/** `truce sync restore`: undoes the last sync byte for byte. */
export const command: Command = {
  usage: `[--scope user|project] [--force]

  --scope  whose last sync is undone (default: the project's)
  --force  also where a file was changed since

  After that nothing is projected by itself any more, until you type truce sync again.`,
  flags: { values: [...commonFlags.values, "scope"], switches: [...commonFlags.switches, "force"] },
  isHookUse: () => false,
  async run(context) {
    const { rest, values, switches } = context.args;
    if (rest.length > 0) throw new TruceError("usage", `Cannot undo "${rest[0]}": sync restore takes flags only`);
    const place = placeOf(context, scopeNamed(values.scope));
    const sync = await openSync(place, { waitMs });
    if (sync === undefined) {
      throw new TruceError("unavailable", `Cannot undo a sync of "${place.root}": a sync is already running`);
    }
    try {
      const { written } = await restoreLast(sync, { isForced: switches.has("force") });
      // Or the next change of the source would bring back what was undone.
      await forgetInputs(openStore(place.state, context.log), place);
      const lines = written.map((path) => `restored ${shownFrom(place.root, path)}`);
      return { kind: "report", text: lines.join("\n"), json: { restored: written }, exitCode: 0 };
    } finally {
      sync.close();
    }
  },
};
