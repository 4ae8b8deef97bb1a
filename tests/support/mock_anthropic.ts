import { field, type JsonObject, textField } from "../../src/base/decode.ts";
import { type Answer, type Block, type Dialect, elements, eventStream, type Said } from "./mock_dialect.ts";

/** The Anthropic Messages API, as Claude Code speaks it, and Copilot CLI and OpenCode can. */
export const anthropic: Dialect = {
  operation(path, body) {
    if (path === "/v1/messages/count_tokens") return { kind: "count" };
    return path === "/v1/messages" ? { kind: "turn", isStream: body.stream === true } : undefined;
  },
  model: (_path, body) => textField(body, "model") ?? "mock",
  isConversation: (body) => elements(body.tools).some((tool) => fileTools.has(String(field(tool, "name")))),
  opening(body) {
    const first = elements(body.messages).find((message) => field(message, "role") === "user");
    return contents(field(first, "content")).map((said) => said.text).join("\n");
  },
  sideText: (body) => body.output_config === undefined ? "ok" : '{"title":"mock session","isNewTopic":false,"ok":true}',
  said(body) {
    return elements(body.messages)
      .filter((message) => field(message, "role") !== "assistant")
      .flatMap((message) => contents(field(message, "content")));
  },
  turn: (answer) => answer.isStream ? eventStream(turnEvents(answer)) : Response.json(wholeTurn(answer)),
  count: (tokens) => Response.json({ input_tokens: tokens }),
};

const fileTools: ReadonlySet<string> = new Set(["Read", "Bash", "Edit", "Write", "edit"]);

function contents(content: unknown): Said[] {
  if (typeof content === "string") return [{ kind: "text", text: content }];
  return elements(content).flatMap((block): Said[] => {
    if (field(block, "type") === "tool_result") {
      const text = contents(field(block, "content")).map((said) => said.text).join("\n");
      return [{ kind: "result", text }];
    }
    const text = textField(block, "text");
    return text === undefined ? [] : [{ kind: "text", text }];
  });
}

/** The object that opens every answer; a stream sends it empty and then fills it. */
function emptyMessage(answer: Answer): JsonObject {
  return {
    id: `msg_mock_${answer.id}`,
    type: "message",
    role: "assistant",
    model: answer.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 100, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 10 },
  };
}

function wholeTurn(answer: Answer): JsonObject {
  const content = answer.blocks.map((block, index) =>
    "tool" in block
      ? { type: "tool_use", id: callId(answer, index), name: block.tool, input: block.input }
      : { type: "text", text: block.text }
  );
  return { ...emptyMessage(answer), content, stop_reason: stopReason(answer) };
}

function turnEvents(answer: Answer): string[] {
  return [
    event("message_start", { message: emptyMessage(answer) }),
    ...answer.blocks.flatMap((block, index) => blockEvents(answer, block, index)),
    event("message_delta", {
      delta: { stop_reason: stopReason(answer), stop_sequence: null },
      usage: { output_tokens: 10 },
    }),
    event("message_stop", {}),
  ];
}

function blockEvents(answer: Answer, block: Block, index: number): string[] {
  const [opened, delta] = "tool" in block
    ? [
      { type: "tool_use", id: callId(answer, index), name: block.tool, input: {} },
      { type: "input_json_delta", partial_json: JSON.stringify(block.input) },
    ]
    : [{ type: "text", text: "" }, { type: "text_delta", text: block.text }];
  return [
    event("content_block_start", { index, content_block: opened }),
    event("content_block_delta", { index, delta }),
    event("content_block_stop", { index }),
  ];
}

function event(type: string, data: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

function callId(answer: Answer, index: number): string {
  return `toolu_mock_${answer.id}_${index}`;
}

function stopReason(answer: Answer): string {
  return answer.blocks.some((block) => "tool" in block) ? "tool_use" : "end_turn";
}
