import { targets } from "../sync/targets/table.ts";
import { columns } from "./columns.ts";
import { type Command, commonFlags } from "./command.ts";

/** `truce sync matrix`: how each kind of item is carried to each target. */
export const command: Command = {
  usage: "[--json]",
  flags: commonFlags,
  isHookUse: () => false,
  run() {
    const rows = targets.flatMap(({ name, matrix, verifiedWith }) =>
      Object.entries(matrix).map((
        [kind, how],
        place,
      ) => [place === 0 ? name : "", kind, how, place === 0 ? verifiedWith : ""])
    );
    const text = columns(["TARGET", "ITEM", "HOW", "VERIFIED WITH"], rows);
    const json = { targets: targets.map(({ name, matrix, verifiedWith }) => ({ name, verifiedWith, matrix })) };
    return Promise.resolve({ kind: "report", text, json, exitCode: 0 });
  },
};
