import type { ServerStatus } from "../lsp/pool.ts";
import type { FoldersRequest, NotifyReply, NotifyRequest } from "./protocol.ts";

/** Who finds what is wrong in files: the language servers, or what stands for them in a test. */
export interface Diagnoser {
  diagnose(request: NotifyRequest): Promise<NotifyReply>;
  setFolders(request: FoldersRequest): void;
  /** Returns the language servers, for people. */
  status(): readonly ServerStatus[];
  /** Gives back what nobody has used for long. Is called every minute. */
  tend(): void;
  /** Ends all language servers. */
  close(): Promise<void>;
}
