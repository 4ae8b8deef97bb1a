import { BadCall, type BodyBounds, readBody } from "../../src/daemon/call.ts";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { wideBounds } from "../support/daemon.ts";

Deno.test("readBody() returns the JSON object of a request", async () => {
  assertEquals(await readBody(requestOf('{"a": [1, "ü"]}'), wideBounds), { a: [1, "ü"] });
});

Deno.test("readBody() puts characters together that come in pieces", async () => {
  const bytes = new TextEncoder().encode('{"a":"ü"}');
  const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte));
  assertEquals(await readBody(requestOf(ReadableStream.from(pieces)), wideBounds), { a: "ü" });
});

for (const [what, body] of [["nothing", undefined], ["half of a value", '{"a":'], ["a list", "[]"], ["null", "null"]]) {
  Deno.test(`readBody() refuses ${what}`, async () => {
    await assertBad(400, requestOf(body), wideBounds);
  });
}

Deno.test("readBody() refuses more bytes than it may read, and reads no more", async () => {
  let count = 0;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(10).fill(32 + 0 * count++)),
  });
  await assertBad(413, requestOf(endless), { ...wideBounds, bytesMax: 100 });
  assertEquals(count < 20, true);
});

Deno.test("readBody() refuses a body that does not come to its end in time", async () => {
  const silent = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("{")) });
  await assertBad(408, requestOf(silent), { ...wideBounds, deadlineMs: 1 });
});

Deno.test("readBody() refuses a body that breaks off", async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) });
  await assertBad(400, requestOf(broken), wideBounds);
});

async function assertBad(status: number, request: Request, bounds: BodyBounds): Promise<void> {
  assertEquals((await assertRejects(() => readBody(request, bounds), BadCall)).status, status);
}

function requestOf(body: BodyInit | undefined): Request {
  return new Request("http://truce/", { method: "POST", body });
}
