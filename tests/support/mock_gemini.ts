import { asObject, field, type JsonObject, textField } from "../../src/base/decode.ts";
import { type Answer, type Dialect, elements, eventStream, type Said } from "./mock_dialect.ts";

/** The Gemini API (`models/NAME:METHOD`), as Gemini CLI speaks it. */
export const gemini: Dialect = {
  operation(path) {
    switch (modelAndMethod(path)?.method) {
      case "countTokens":
        return { kind: "count" };
      case "generateContent":
        return { kind: "turn", isStream: false };
      case "streamGenerateContent":
        return { kind: "turn", isStream: true };
      default:
        return undefined;
    }
  },
  model: (path) => modelAndMethod(path)?.model ?? "mock",
  isConversation(body) {
    const declared = elements(body.tools).flatMap((tool) => elements(field(tool, "functionDeclarations")));
    return declared.some((tool) => fileTools.has(String(field(tool, "name"))));
  },
  opening(body) {
    const prompts = gemini.said(body).filter((said) => said.kind === "text");
    return prompts.map((said) => said.text).join("\n");
  },
  sideText(body) {
    return textField(body.generationConfig, "responseMimeType") === "application/json" ? sideJson : "ok";
  },
  said: (body) => elements(body.contents).filter((content) => field(content, "role") !== "model").flatMap(parts),
  turn(answer) {
    const content = wholeTurn(answer);
    return answer.isStream ? eventStream([`data: ${JSON.stringify(content)}\r\n\r\n`]) : Response.json(content);
  },
  count: (tokens) => Response.json({ totalTokens: tokens }),
};

const fileTools: ReadonlySet<string> = new Set(["read_file", "write_file", "replace", "run_shell_command"]);

/** Answers the client's own questions, all in one: which model is to be used, and who speaks next. */
const sideJson = JSON.stringify({
  reasoning: "mock",
  model_choice: "flash",
  next_speaker: "user",
  complexity_score: 1,
  complexity_reasoning: "mock",
});

function modelAndMethod(path: string): { model: string; method: string } | undefined {
  const match = /models\/([^:/]+):(\w+)$/.exec(path);
  return match === null ? undefined : { model: match[1], method: match[2] };
}

function parts(content: unknown): Said[] {
  return elements(field(content, "parts")).flatMap((part): Said[] => {
    const result = field(part, "functionResponse");
    if (result !== undefined) return [{ kind: "result", text: resultText(field(result, "response")) }];
    const text = textField(part, "text");
    return text === undefined ? [] : [{ kind: "text", text }];
  });
}

/** A result is `{"output": text}` or `{"error": text}`; other values are shown as JSON. */
function resultText(response: unknown): string {
  const values = Object.values(asObject(response) ?? {});
  return values.map((value) => typeof value === "string" ? value : JSON.stringify(value)).join("\n");
}

function wholeTurn(answer: Answer): JsonObject {
  const parts = answer.blocks.map((block) =>
    "tool" in block ? { functionCall: { name: block.tool, args: block.input } } : { text: block.text }
  );
  return {
    candidates: [{ content: { role: "model", parts }, finishReason: "STOP", index: 0 }],
    usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 10, totalTokenCount: 110 },
    modelVersion: answer.model,
    responseId: `mock${answer.id}`,
  };
}
