import { TruceError } from "../../src/base/error.ts";
import { type Relay, relayLoopback, type RelayOptions } from "../../src/platform/http_relay.ts";
import { type Answerer, serveSocket } from "../../src/platform/http_server.ts";
import { assertEquals, assertMatch, assertThrows } from "../support/assert.ts";
import { untilTrue } from "../support/daemon.ts";
import { until } from "../support/place.ts";

Deno.test("relayLoopback() passes a request on, and its answer back", async () => {
  await using stage = await Stage.open(async (request) => {
    const { pathname, search } = new URL(request.url);
    return Response.json([request.method, pathname + search, request.headers.get("x-test"), await request.text()]);
  });
  const response = await fetch(`${stage.url}/lock?wait=false`, {
    method: "POST",
    headers: { "x-test": "yes" },
    body: "x".repeat(200_000),
  });
  assertEquals(response.headers.get("connection"), "close");
  assertEquals(await response.json(), ["POST", "/lock?wait=false", "yes", "x".repeat(200_000)]);
});

Deno.test("relayLoopback() takes one request of a connection, whatever the client wants", async () => {
  let count = 0;
  await using stage = await Stage.open((request) => {
    assertEquals(request.headers.get("connection"), "close");
    return Promise.resolve(new Response(`${++count}`));
  });
  const two = "GET /1 HTTP/1.1\r\nhost: a\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.1\r\nhost: a\r\n\r\n";
  const answer = await stage.say(two);
  assertMatch(answer, /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n1$/);
  assertEquals(count, 1);
});

Deno.test("relayLoopback() understands a head that comes in pieces", async () => {
  await using stage = await Stage.open((request) => Promise.resolve(new Response(new URL(request.url).pathname)));
  assertMatch(await stage.say(...Array.from("GET /slow HTTP/1.1\r\nhost: a\r\n\r\n")), /\r\n\r\n\/slow$/);
});

Deno.test("relayLoopback() cuts off who does not send its head in time", async () => {
  await using stage = await Stage.open(undefined, { headMs: 1 });
  assertMatch(await stage.say("GET / HTTP/1.1\r\nhost:"), /^HTTP\/1\.1 408 .*\r\n\r\n\{"error":"Request Timeout"\}$/s);
});

const badHeads: readonly [what: string, head: string, status: number][] = [
  ["of another protocol", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  ["that names another server", "GET http://evil.example/ HTTP/1.1\r\nhost: a\r\n\r\n", 400],
  ["of a proxy", "CONNECT evil.example:80 HTTP/1.1\r\nhost: a\r\n\r\n", 400],
  ["with a line that goes on", "GET / HTTP/1.1\r\nhost: a\r\nx: 1\r\n connection: keep-alive\r\n\r\n", 400],
  ["with a line that ends in two ways", "GET / HTTP/1.1\r\nhost: a\nconnection: keep-alive\r\n\r\n", 400],
  ["with a name before the colon that is none", "GET / HTTP/1.1\r\nhost : a\r\n\r\n", 400],
  ["that is no HTTP", "hello\r\n\r\n", 400],
  ["that is too large", `GET / HTTP/1.1\r\nx: ${"x".repeat(20_000)}`, 431],
];

for (const [what, head, status] of badHeads) {
  Deno.test(`relayLoopback() refuses a head ${what}`, async () => {
    await using stage = await Stage.open();
    assertMatch(await stage.say(head), new RegExp(`^HTTP/1\\.1 ${status} `));
  });
}

Deno.test("relayLoopback() refuses a head that breaks off", async () => {
  await using stage = await Stage.open();
  const client = await stage.connect();
  await client.write(new TextEncoder().encode("GET / HT"));
  await client.closeWrite();
  assertMatch(await textOf(client), /^HTTP\/1\.1 400 /);
});

Deno.test("relayLoopback() tells the daemon that a client has hung up", async () => {
  const asked = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  await using stage = await Stage.open(async (request) => {
    request.signal.addEventListener("abort", () => gone.resolve(), { once: true });
    asked.resolve();
    await gone.promise;
    return new Response();
  });
  const client = await stage.connect();
  await client.write(new TextEncoder().encode("GET / HTTP/1.1\r\nhost: a\r\n\r\n"));
  await asked.promise;
  client.close();
  await gone.promise;
});

Deno.test("relayLoopback() serves so many at a time, and the next when one is done", async () => {
  await using stage = await Stage.open(undefined, { connectionsMax: 2 });
  const [first, second] = [await stage.connect(), await stage.connect()];
  const request = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
  let answer = "";
  await untilTrue("a third is refused", () => {
    stage.say(request).then((text) => answer = text);
    return answer.startsWith("HTTP/1.1 503 ");
  });
  first.close();
  second.close();
  await until("the next is served", async () => (await stage.say(request)).startsWith("HTTP/1.1 200 "));
});

Deno.test("relayLoopback() brings a refusal to a client that sends more than anybody reads", async () => {
  await using stage = await Stage.open(() => Promise.resolve(new Response("too large", { status: 413 })));
  const head = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 30000000\r\n\r\n";
  const client = await stage.connect();
  const writer = client.writable.getWriter();
  await writer.write(new TextEncoder().encode(head + "x".repeat(30_000_000)));
  assertMatch(await textOf(client), /^HTTP\/1\.1 413 [^]*too large$/);
  await writer.close().catch(() => {});
});

Deno.test("relayLoopback() hangs up when no daemon is there", async () => {
  await using stage = await Stage.open();
  Deno.removeSync(stage.socket);
  assertEquals(await stage.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n"), "");
});

Deno.test("relayLoopback() says that a port is taken, and what to do", async () => {
  await using stage = await Stage.open();
  const { hint } = assertThrows(
    () => relayLoopback({ port: stage.relay.port, socket: stage.socket }),
    TruceError,
    `Cannot listen on port ${stage.relay.port}: another program does`,
  );
  assertEquals(hint, "Choose another one with --port");
});

Deno.test("serveSocket() replaces what a dead server has left, and lets nobody else in", async () => {
  await using stage = await Stage.open();
  const socket = `${stage.folder}/other`;
  Deno.writeTextFileSync(socket, "a leftover");
  const server = serveSocket(socket, () => Promise.resolve(new Response()));
  const { isSocket, mode } = Deno.lstatSync(socket);
  assertEquals([isSocket, (mode ?? 0) & 0o777], [true, 0o600]);
  assertEquals(Array.from(Deno.readDirSync(stage.folder), ({ name }) => name).sort(), ["other", "relay"]);
  await server.close();
});

/** A relay, and what it leads to. */
class Stage implements AsyncDisposable {
  readonly #close: () => Promise<void>;

  private constructor(
    readonly folder: string,
    readonly relay: Relay,
    readonly socket: string,
    close: () => Promise<void>,
  ) {
    this.#close = close;
  }

  static open(
    answer: Answerer = () => Promise.resolve(new Response()),
    options: Partial<RelayOptions> = {},
  ): Promise<Stage> {
    const folder = Deno.makeTempDirSync({ prefix: "truce-relay-" });
    const socket = `${folder}/relay`;
    const server = serveSocket(socket, answer);
    const relay = relayLoopback({ port: 0, socket, ...options });
    return Promise.resolve(
      new Stage(folder, relay, socket, async () => {
        await relay.close();
        await server.close();
        Deno.removeSync(folder, { recursive: true });
      }),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.relay.port}`;
  }

  connect(): Promise<Deno.TcpConn> {
    return Deno.connect({ hostname: "127.0.0.1", port: this.relay.port });
  }

  /** Sends `pieces`, and returns all that comes back until the other end hangs up. */
  async say(...pieces: string[]): Promise<string> {
    const client = await this.connect();
    client.setNoDelay();
    const writer = client.writable.getWriter();
    const sent = (async () => {
      for (const piece of pieces) {
        await writer.write(new TextEncoder().encode(piece));
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    })().catch(() => {});
    const text = await new Response(client.readable).text().catch(() => "");
    await sent;
    await writer.close().catch(() => {});
    return text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}

async function textOf(client: Deno.Conn): Promise<string> {
  return await new Response(client.readable).text();
}
