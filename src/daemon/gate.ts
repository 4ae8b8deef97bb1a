// Who may ask over the loopback interface. A web page that a person has open can send requests there, and its own name
// can be made to lead there; so a request needs a secret, and must name this machine as what it asks and as its origin.

/** What a request says of itself; `null` is nothing. */
export interface Credentials {
  readonly host: string | null;
  readonly origin: string | null;
  readonly authorization: string | null;
}

/** Why a request is not answered. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly error: string;
}

const loopbackNames = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Returns why a request that came to `port` of the loopback interface is not answered, or `undefined`.
 *
 * ```ts
 * import { refusalOf } from "./gate.ts";
 * const asked = { host: "localhost:9876", origin: "https://example.org", authorization: "Bearer secret" };
 * if (refusalOf(asked, { port: 9876, token: "secret" })?.status !== 403) throw new Error();
 * ```
 */
export function refusalOf(
  { host, origin, authorization }: Credentials,
  expected: { readonly port: number; readonly token: string },
): Refusal | undefined {
  if (!isLoopbackHost(host ?? "", expected.port)) return { status: 403, error: "the Host header is not this machine" };
  if (origin !== null && !isLoopbackOrigin(origin)) return { status: 403, error: "the Origin is another site" };
  const [, given] = /^bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
  if (given !== undefined && isSame(given, expected.token)) return undefined;
  return { status: 401, error: "the bearer token is missing or wrong: truce serve --token prints it" };
}

function isLoopbackHost(host: string, port: number): boolean {
  return loopbackNames.some((name) => host.toLowerCase() === `${name}:${port}` || (port === 80 && host === name));
}

function isLoopbackOrigin(origin: string): boolean {
  try {
    return loopbackNames.includes(new URL(origin).hostname);
  } catch {
    return false;
  }
}

/** Compares in a time that does not tell how much of `given` is right. */
function isSame(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let at = 0; at < expected.length; at++) difference |= (given.charCodeAt(at) || 0) ^ expected.charCodeAt(at);
  return difference === 0;
}
