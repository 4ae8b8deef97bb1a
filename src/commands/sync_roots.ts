import { answerHook } from "./answer_hook.ts";
import { type Command, commonFlags } from "./command.ts";
import { told } from "./lock_use.ts";
import { syncRoots } from "./session_folders.ts";

/** `truce sync-roots`: tells the daemon which folders a session works in. A hook alone can say that. */
export const command: Command = {
  usage: `[--format HOST]

  Hook JSON is read from standard input: session_id, cwd, and the transcript_path in which the host tells the rest.`,
  flags: commonFlags,
  isHookUse: () => true,
  run: (context) =>
    answerHook(context, async (...about) => {
      await syncRoots(...about);
      return told([]);
    }, { usual: "prompt" }),
};
