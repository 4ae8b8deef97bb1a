import type { Server } from "../model.ts";
import { isSecret, secretArgument } from "./secret.ts";

/** Returns where a secret is written out in a server. */
export function secretIn({ transport }: Server): string | undefined {
  if (transport.type !== "stdio") {
    const header = Object.entries(transport.headers).find(([name, text]) => isSecret(name, text))?.[0];
    return header === undefined ? isSecret("", transport.url) ? "url" : undefined : `header ${header}`;
  }
  const variable = Object.entries(transport.env).find(([name, text]) => isSecret(name, text))?.[0];
  if (variable !== undefined) return `variable ${variable}`;
  return secretArgument(transport.args) === undefined ? undefined : "arguments";
}
