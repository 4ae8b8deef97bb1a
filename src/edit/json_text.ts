import { asObject } from "../base/decode.ts";

const lineMax = 80;

/** How a value is written. */
export interface JsonStyle {
  readonly newline: string;
  /** One step of indentation, and that of the line the value starts on. */
  readonly unit: string;
  readonly indent: string;
  /** Whether all of it stands on one line. */
  readonly isInline: boolean;
}

/** Writes a value as JSON: objects a line a field, arrays of plain values on one line where they fit. */
export function jsonText(value: unknown, style: JsonStyle): string {
  const object = asObject(value);
  const fields = Array.isArray(value) ? value : object;
  if (fields === undefined || Object.keys(fields).length === 0) return JSON.stringify(value);
  const inline = style.isInline || isShortList(value, style.indent.length);
  const inner = inline ? style : { ...style, indent: style.indent + style.unit };
  const items = Array.isArray(value)
    ? value.map((item) => jsonText(item, { ...inner, isInline: inline }))
    : Object.entries(object ?? {}).map(([name, item]) => `${JSON.stringify(name)}: ${jsonText(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (inline) {
    const padding = Array.isArray(value) ? "" : " ";
    return `${open}${padding}${items.join(", ")}${padding}${close}`;
  }
  const lines = items.map((item) => `${style.newline}${inner.indent}${item}`);
  return `${open}${lines.join(",")}${style.newline}${style.indent}${close}`;
}

function isShortList(value: unknown, indent: number): boolean {
  if (!Array.isArray(value) || value.some((item) => typeof item === "object" && item !== null)) return false;
  return JSON.stringify(value).length + value.length + indent <= lineMax;
}
