import { field, type JsonObject, textField } from "../../src/base/decode.ts";
import { type Answer, type Block, type Dialect, elements, eventStream, type Said } from "./mock_dialect.ts";

/** The Responses API, as Codex speaks it, and Copilot CLI can. */
export const responses: Dialect = {
  operation: (path) => /^(?:\/v1)?\/responses$/.test(path) ? { kind: "turn", isStream: true } : undefined,
  model: (_path, body) => textField(body, "model") ?? "mock",
  isConversation: (body) => elements(body.tools).some((tool) => field(tool, "name") === "apply_patch"),
  opening: (body) => said(body).map(({ text }) => text).join("\n"),
  sideText: () => "ok",
  said,
  turn: (answer) => eventStream(turnEvents(answer)),
  count: (input_tokens) => Response.json({ input_tokens }),
};

const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };

function said(body: JsonObject): Said[] {
  return elements(body.input).flatMap((item): Said[] => {
    if (String(field(item, "type")).endsWith("_output")) {
      return [{ kind: "result", text: outputOf(field(item, "output")) }];
    }
    if (field(item, "role") === "assistant") return [];
    return elements(field(item, "content")).map((part) => ({ kind: "text", text: textField(part, "text") ?? "" }));
  });
}

function outputOf(output: unknown): string {
  return typeof output === "string" ? output : JSON.stringify(output);
}

function turnEvents(answer: Answer): string[] {
  const response = { id: `resp_mock_${answer.id}` };
  const output = answer.blocks.map((block, index) => itemOf(answer, block, index));
  return [
    event("response.created", { response }),
    ...output.map((item, output_index) => event("response.output_item.done", { output_index, item })),
    event("response.completed", { response: { ...response, output, usage } }),
  ];
}

/** A patch is a call of a tool that takes a bare text. Some tools have a namespace: `collaboration.spawn_agent`. */
function itemOf(answer: Answer, block: Block, index: number): JsonObject {
  if ("text" in block) {
    return { type: "message", role: "assistant", content: [{ type: "output_text", text: block.text }] };
  }
  const [name, namespace] = block.tool.split(".").reverse();
  const { input } = block;
  const call_id = `call_${answer.id}_${index}`;
  if (name === "apply_patch") return { type: "custom_tool_call", name, input: input.patch, call_id };
  return { type: "function_call", name, namespace, arguments: JSON.stringify(input), call_id };
}

function event(type: string, data: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}
