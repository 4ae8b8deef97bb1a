// A model on this machine that speaks the Responses API, as far as Codex needs it.

import { field, type JsonObject } from "../../src/base/decode.ts";

/** One thing that the model does: it runs a command, or applies a patch. */
export type Turn = { readonly command: string } | { readonly patch: string };

/** The name of a model that Codex knows, which has all of its tools. */
export const knownModel = "gpt-5.5";
/** One that it does not know is told of all sub-agents at once, and has no patches. */
export const unknownModel = "scripted-model";

const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };

/** A model that does one turn after the other, and is done. */
export class ScriptedResponses implements AsyncDisposable {
  /** The requests of the session, as texts. */
  readonly requests: string[] = [];
  readonly #turns: readonly Turn[];
  readonly #name: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(turns: readonly Turn[], name = knownModel) {
    this.#turns = turns;
    this.#name = name;
    const listening = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(listening, (request) => this.#answer(request));
  }

  /** Returns the values of config.toml that make Codex ask this model. */
  get settings(): string[] {
    const url = `http://127.0.0.1:${this.#server.addr.port}/v1`;
    const provider = `{ name = "scripted", base_url = "${url}", wire_api = "responses", supports_websockets = false }`;
    return [
      `model = "${this.#name}"`,
      `model_provider = "scripted"`,
      `model_providers.scripted = ${provider}`,
      "check_for_update_on_startup = false",
      "analytics.enabled = false",
    ];
  }

  /** Returns what the model was told of each turn. */
  answers(): string[] {
    const last = this.requests.at(-1);
    const input = last === undefined ? [] : field(JSON.parse(last), "input");
    const outputs = Array.isArray(input) ? input.filter((item) => String(field(item, "type")).endsWith("_output")) : [];
    return outputs.map((item) => String(field(item, "output")));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    if (request.method !== "POST") return new Response(null, { status: 404 });
    this.requests.push(await request.text());
    const index = this.requests.length - 1;
    const item = itemOf(this.#turns[index], `call-${index}`);
    const events: JsonObject[] = [
      { type: "response.created", response: { id: "response" } },
      { type: "response.output_item.done", item },
      { type: "response.completed", response: { id: "response", usage } },
    ];
    const lines = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    return new Response(lines.join(""), { headers: { "content-type": "text/event-stream" } });
  }
}

function itemOf(turn: Turn | undefined, call_id: string): JsonObject {
  if (turn === undefined) {
    return { type: "message", role: "assistant", content: [{ type: "output_text", text: "Done." }] };
  }
  if ("patch" in turn) return { type: "custom_tool_call", name: "apply_patch", input: turn.patch, call_id };
  return { type: "function_call", name: "exec_command", arguments: JSON.stringify({ cmd: turn.command }), call_id };
}
