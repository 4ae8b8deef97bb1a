// Why targets do not take a server. `title` is what people call the target.

import type { Server } from "../model.ts";
import { partsOf, referencesIn } from "../reference.ts";
import { secretIn } from "./server_secret.ts";
import { type Outcome, refused } from "./shared.ts";

/** Returns the refusal of a server that is reached in a way that the target does not know. */
export function refusedTransport({ transport }: Server, title: string): Outcome | undefined {
  if (transport.type === "ws") return refused(`${title} does not speak to servers over WebSocket`);
  return transport.type !== "stdio" && transport.headersHelper !== undefined
    ? refused(`its headers come from a program, which ${title} does not start`)
    : undefined;
}

/** Returns the refusal of a server in which a secret is written out. */
export function refusedSecret(server: Server): Outcome | undefined {
  const secret = secretIn(server);
  return secret === undefined ? undefined : refused(`a secret is written out in its ${secret}`);
}

/** Returns the refusal of `texts` in which a variable has a default, for a target that has none. */
export function refusedDefault(texts: readonly string[], title: string): Outcome | undefined {
  const reference = texts.flatMap(referencesIn).find(({ fallback }) => fallback !== undefined);
  return reference && refused(`${title} has no default for ${reference.name}`);
}

/** Returns the texts of a server in which variables are put. */
export function textsOf({ transport }: Server): string[] {
  if (transport.type !== "stdio") return [transport.url, ...Object.values(transport.headers)];
  return [transport.command, ...transport.args, ...Object.values(transport.env), transport.cwd ?? ""];
}

/** Says whether a text has a dollar sign of its own, for which a target would put in a variable. */
export function hasDollar(text: string): boolean {
  return partsOf(text).some((part) => part.kind === "text" && /\$[\w{]/.test(part.text));
}
