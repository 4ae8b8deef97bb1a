import { folderOf, isWithin } from "../../../base/path.ts";
import { withoutBlock } from "../../../edit/block.ts";
import type { Fate, Source, TargetContext, WantedFile } from "../../model.ts";
import { withLosses } from "../losses.ts";
import type { Part } from "../parts.ts";
import { type Asker, instructionsInAgentsMd, isWritten, rootOf } from "../shared.ts";

/** What Codex reads of AGENTS.md in all folders from the root of a project to the one it works in. */
const instructionsMaxBytes = 32 * 1024;

/** Returns AGENTS.md, and says what Codex does not read of it. */
export function instructionsPart(source: Source, context: TargetContext, asker: Asker): Part {
  const { files, fates } = instructionsInAgentsMd(source, context, asker);
  const sizes = files.map((file) => ({ folder: folderOf(file.path), bytes: sizeOf(file, context) }));
  const folderFor = ({ item }: Fate) => {
    if (context.scope === "user") return folderOf(asker.userFile ?? "");
    return item.kind === "instructions" && item.name !== "" ? `${rootOf(context)}/${item.name}` : rootOf(context);
  };
  const limited = fates.map((fate) => {
    if (!isWritten(fate)) return fate;
    const folder = folderFor(fate);
    const bytes = sizes.reduce((sum, one) => isWithin(folder, one.folder) ? sum + one.bytes : sum, 0);
    const isHidden = context.read(`${folder}/AGENTS.override.md`) !== undefined;
    const losses = [
      ...(fate.reason === undefined ? [] : [fate.reason]),
      ...(bytes > instructionsMaxBytes
        ? [`Codex reads ${instructionsMaxBytes} of these ${bytes} bytes of AGENTS.md`]
        : []),
      ...(isHidden ? [`Codex reads ${folder}/AGENTS.override.md instead`] : []),
    ];
    return { ...fate, ...withLosses(losses) };
  });
  return { files, fates: limited };
}

/** Returns the size of AGENTS.md with the block in it, in bytes. */
function sizeOf(file: WantedFile, context: TargetContext): number {
  if (file.kind !== "block") return 0;
  return new TextEncoder().encode(withoutBlock(context.read(file.path) ?? "", file.path) + file.text).length;
}
