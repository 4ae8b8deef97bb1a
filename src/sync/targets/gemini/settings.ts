import { asObject, type JsonObject } from "../../../base/decode.ts";
import { parseJsonc } from "../../../base/jsonc.ts";

/** Returns the settings in a text. One that cannot be read says nothing here, and stops the sync where it is written. */
export function readSettings(text: string | undefined): JsonObject {
  try {
    return asObject(parseJsonc(text ?? "{}")) ?? {};
  } catch {
    return {};
  }
}
