import { folderOf } from "../base/path.ts";
import { removeFile, renameFile } from "./files.ts";

/** Answers a request; never rejects. */
export type Answerer = (request: Request) => Promise<Response>;

/** A server that listens. */
export interface HttpServer {
  /** Takes no more connections; resolves when those there are have been answered. */
  close(): Promise<void>;
}

/**
 * Serves HTTP on the unix socket `path`, which only this user may open and which replaces what is there. The socket gets
 * its name when it listens already, so that who sees it can connect. Its folder must be this user's alone.
 */
export function serveSocket(path: string, answer: Answerer): HttpServer {
  const fresh = `${folderOf(path)}/new`;
  removeFile(fresh);
  const server = Deno.serve({ path: fresh, onListen() {} }, answer);
  Deno.chmodSync(fresh, 0o600);
  renameFile(fresh, path);
  return { close: () => server.shutdown() };
}
