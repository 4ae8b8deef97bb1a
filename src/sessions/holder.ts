import { digest } from "../base/digest.ts";
import type { ProcessId } from "../base/process_id.ts";
import { safeLine } from "../base/safe_text.ts";

/** Who may have a lease: one session of one host, or one of its sub-agents, or a person. */
export interface Holder {
  /** Equal for the same holder alone, and safe as a file name. */
  readonly key: string;
  /** As people and models read it: `claude session 3f2a (agent "tests")`. */
  readonly label: string;
  /** The host's process, when it is known: its death ends what this holder has. */
  readonly process?: ProcessId;
  /** The key of the session that a sub-agent belongs to. */
  readonly parent?: string;
}

/** The identity of a session as its host tells it. */
export interface SessionIdentity {
  readonly host: string;
  readonly sessionId?: string;
  readonly agentId?: string;
  readonly agentName?: string;
}

/** Returns the holder of a session. One without an id is its host's process; there is no holder that all share. */
export async function sessionHolder(session: SessionIdentity, process: ProcessId | undefined): Promise<Holder> {
  const id = session.sessionId ?? JSON.stringify(process);
  const keyOf = (agentId: string | undefined) => digest(JSON.stringify([session.host, id, agentId ?? null]));
  const shortId = [...safeLine(session.sessionId ?? `${process?.pid}`, 40)].slice(0, 4).join("");
  const label = `${safeLine(session.host, 20)} session ${shortId}`;
  if (session.agentId === undefined) return { key: await keyOf(undefined), label, process };
  return {
    key: await keyOf(session.agentId),
    label: `${label} (agent "${safeLine(session.agentName ?? session.agentId, 40)}")`,
    process,
    parent: await keyOf(undefined),
  };
}

/** Returns the holder of somebody who gave a name. No process speaks for a name, so its leases end by time alone. */
export async function namedHolder(name: string): Promise<Holder> {
  return { key: await digest(JSON.stringify(["name", name])), label: safeLine(name, 60) };
}
