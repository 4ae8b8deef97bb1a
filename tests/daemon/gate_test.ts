import { type Credentials, refusalOf } from "../../src/daemon/gate.ts";
import { assertEquals } from "../support/assert.ts";

const token = "0123456789abcdef";
const good: Credentials = { host: "127.0.0.1:9876", origin: null, authorization: `Bearer ${token}` };

const cases: readonly [name: string, special: Partial<Credentials>, status: number | undefined, port?: number][] = [
  ["lets in who has the token", {}, undefined],
  ["takes localhost for this machine", { host: "localhost:9876" }, undefined],
  ["takes LOCALHOST for this machine", { host: "LOCALHOST:9876" }, undefined],
  ["takes [::1] for this machine", { host: "[::1]:9876" }, undefined],
  ["takes a host without a port for port 80", { host: "localhost" }, undefined, 80],
  ["refuses a host without a port elsewhere", { host: "localhost" }, 403],
  ["refuses another port", { host: "127.0.0.1:9877" }, 403],
  ["refuses a name that was made to lead here", { host: "rebound.example:9876" }, 403],
  ["refuses a name that begins like ours", { host: "127.0.0.1:9876.example:9876" }, 403],
  ["refuses two hosts", { host: "127.0.0.1:9876, evil.example" }, 403],
  ["refuses a request without a host", { host: null }, 403],
  ["lets in a page of this machine", { origin: "http://localhost:3000" }, undefined],
  ["lets in a page of [::1]", { origin: "http://[::1]:3000" }, undefined],
  ["refuses a page of another site", { origin: "https://evil.example" }, 403],
  ["refuses a page whose site begins like ours", { origin: "http://localhost.evil.example" }, 403],
  ["refuses a page that hides its site", { origin: "null" }, 403],
  ["refuses an empty origin", { origin: "" }, 403],
  ["refuses no token", { authorization: null }, 401],
  ["refuses another token", { authorization: "Bearer 0123456789abcdeF" }, 401],
  ["refuses the start of the token", { authorization: "Bearer 0123456789abcde" }, 401],
  ["refuses more than the token", { authorization: `Bearer ${token}0` }, 401],
  ["refuses an empty token", { authorization: "Bearer " }, 401],
  ["refuses the token by another scheme", { authorization: `Basic ${token}` }, 401],
  ["takes the scheme in any case", { authorization: `bearer ${token}` }, undefined],
];

for (const [name, special, status, port = 9876] of cases) {
  Deno.test(`refusalOf() ${name}`, () => {
    assertEquals(refusalOf({ ...good, ...special }, { port, token })?.status, status);
  });
}
