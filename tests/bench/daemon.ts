// What the daemon uses, and how fast it answers when nothing has to be found out first.

import { asObject, numberField } from "../../src/base/decode.ts";
import { placesIn } from "../../src/daemon/places.ts";
import type { NotifyRequest } from "../../src/daemon/protocol.ts";
import { askSocket, writeWhole } from "../../src/platform/http_client.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { type Captured, hookWords } from "../support/hook_input.ts";
import { Place } from "../support/place.ts";
import {
  type CheckedPlace,
  checkedPlace,
  editedModule,
  editModule,
  whyMissing,
  writeModules,
} from "./checked_place.ts";
import { environmentOf, hookPayload } from "./hook_calls.ts";
import type { Effort, Part } from "./part.ts";
import { median, percentile, sayMs } from "./samples.ts";

const deadlineMs = 60_000;
const lanesCount = 4;
/** Of so many requests one is for findings, and of so many of these one follows an edit. */
const notifyEvery = 10;
const editEvery = 10;
const moments = { "before-edit": "before-tool", "after-edit": "after-tool" } as const;

/** Measures the memory of the daemon, and its answers to hooks over HTTP. */
export async function daemonPart(effort: Effort): Promise<Part> {
  const missing = await whyMissing(["typescript"]);
  const memory = missing === undefined ? await memoryOf(effort) : {};
  const samples = await roundTrips(effort);
  return {
    title: "The daemon",
    headings: ["result", "p95"],
    rows: [
      ...Object.entries(memory).map(([name, bytes]) => [name, `${(bytes / 1e6).toFixed(0)} MB`]),
      ...Object.entries(samples).map(([name, all]) => [name, sayMs(median(all)), sayMs(percentile(all, 0.95))]),
    ],
    notes: [
      `Memory is that of the daemon without its servers. One request in ${notifyEvery} is for findings, one of ` +
      `${editEvery} of these follows an edit. Times are medians, of hooks without findings; each has its own connection.`,
      ...missing === undefined ? [] : [missing],
    ],
    figures: { memory, samples },
  };
}

/** Returns the bytes that are resident: at first, with a server, and after many requests. */
async function memoryOf({ requests }: Effort): Promise<Record<string, number>> {
  using checked = await checkedPlace(["typescript"]);
  const { place, env } = checked;
  writeModules(place);
  assertEquals((await place.run(["serve", "--detach"], { env })).code, 0);
  const idle = await residentBytes(place);
  await findingsOf(checked, 0);
  const first = await residentBytes(place);
  let next = 1;
  await Promise.all(Array.from({ length: lanesCount }, async () => {
    while (next <= requests) {
      const request = next++;
      if (request % notifyEvery === 0) await findingsOf(checked, request / notifyEvery);
      else await ask(place, "/health");
    }
  }));
  return {
    "memory, idle": idle,
    "memory, after one finding": first,
    [`memory, after ${requests} requests`]: await residentBytes(place),
  };
}

async function findingsOf({ place, env }: CheckedPlace, number: number): Promise<void> {
  if (number % editEvery === 0) editModule(place, { edit: number, isBroken: true });
  const question: NotifyRequest = {
    session: "bench",
    files: [`${place.project}/${editedModule}`],
    folders: [place.project],
    severity: "warning",
    countMax: 30,
    timeoutMs: deadlineMs,
    searchPath: env.PATH,
  };
  const answer = await ask(place, "/notify", question);
  assert(JSON.stringify(answer).includes("2322"), JSON.stringify(answer));
}

/** The same hooks over HTTP and as programs, in turn; findings are off. */
async function roundTrips({ rounds, warmUps }: Effort): Promise<Record<string, number[]>> {
  using place = new Place();
  const env = environmentOf(place);
  const served = await place.run(["serve", "--http", "--port", "0", "--detach", "--json"], { env });
  const port = numberField(JSON.parse(served.stdout), "port") ?? 0;
  const token = (await place.run(["serve", "--token"], { env })).stdout.trim();
  const samples: Record<string, number[]> = {};
  const take = async (round: number, name: string, act: () => Promise<unknown>) => {
    const startMs = performance.now();
    await act();
    if (round >= 0) (samples[name] ??= []).push(performance.now() - startMs);
  };
  for (let round = -warmUps; round < rounds; round++) {
    await take(round, "GET /health, unix socket", () => ask(place, "/health"));
    for (const [moment, word] of Object.entries(moments) as [Captured, string][]) {
      const overHttp = JSON.stringify(hookPayload(moment, "over HTTP", place, place.write("src/over_http.ts")));
      await take(round, `POST /hooks/claude/${word}`, () => post(port, { token, word, body: overHttp }));
      const stdin = JSON.stringify(hookPayload(moment, "as a program", place, place.write("src/as_program.ts")));
      await take(round, `truce hook ${word}`, async () => {
        const { code, stdout, stderr } = await place.run(hookWords("claude", moment), { env, stdin });
        assertEquals([code, stdout, stderr], [0, "", ""]);
      });
    }
  }
  return samples;
}

/** Sends a hook as Claude Code does, but over a connection that nothing else uses. */
async function post(port: number, { token, word, body }: { token: string; word: string; body: string }): Promise<void> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const content = new TextEncoder().encode(body);
  const head = [
    `POST /hooks/claude/${word} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Connection: close",
    "Content-Type: application/json",
    `Authorization: Bearer ${token}`,
    `Content-Length: ${content.length}`,
  ];
  await writeWhole(connection, new TextEncoder().encode(`${head.join("\r\n")}\r\n\r\n${body}`));
  const answer = await new Response(connection.readable).text();
  assert(answer.startsWith("HTTP/1.1 204 "), answer);
}

async function residentBytes(place: Place): Promise<number> {
  return numberField(await ask(place, "/status"), "memoryBytes") ?? 0;
}

/** Asks the daemon over its unix socket, as hooks do. */
async function ask({ state }: Place, path: string, body?: object): Promise<unknown> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const reply = await askSocket(placesIn(state).socket, { path, headers: {}, body: text, deadlineMs });
  assert(reply.kind === "answer" && reply.status === 200, JSON.stringify(reply));
  return asObject(JSON.parse(reply.text));
}
