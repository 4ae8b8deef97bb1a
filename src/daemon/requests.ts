// What hooks ask the daemon, decoded at its door.

import type { JsonObject } from "../base/decode.ts";
import { hasShape } from "../base/shape.ts";
import { severities } from "../lsp/diagnostic.ts";
import { BadCall } from "./call.ts";
import type { FoldersRequest, NotifyRequest, SyncRequest } from "./protocol.ts";

const notifySample: NotifyRequest = {
  files: [""],
  folders: [""],
  severity: "error",
  countMax: 0,
  timeoutMs: 0,
  searchPath: "",
};
const syncSample: SyncRequest = { scope: "user", root: "", afterMs: 0 };
const foldersSample: FoldersRequest = { session: "", folders: [""] };

/** Returns `body` as what `POST /notify` takes. */
export function asNotifyRequest(body: JsonObject): NotifyRequest {
  const request = shaped(body, notifySample) as NotifyRequest;
  const areKeys = [request.session, request.agent].every((key) => key === undefined || typeof key === "string");
  if (areKeys && severities.includes(request.severity)) return request;
  throw new BadCall(400, "the body has a session or a severity that is none");
}

/** Returns `body` as what `POST /folders` takes. */
export function asFoldersRequest(body: JsonObject): FoldersRequest {
  return shaped(body, foldersSample) as FoldersRequest;
}

/** Returns `body` as what `POST /sync` takes. */
export function asSyncRequest(body: JsonObject): SyncRequest {
  const request = shaped(body, syncSample) as SyncRequest;
  const isScope = request.scope === "user" || request.scope === "project";
  if (isScope && (request.home === undefined || typeof request.home === "string")) return request;
  throw new BadCall(400, "the body has a scope or a home that is none");
}

function shaped(body: JsonObject, sample: object): unknown {
  if (hasShape(body, sample)) return body;
  throw new BadCall(400, `the body lacks one of ${Object.keys(sample).join(", ")}, or has something else there`);
}
