const quote = 0x22, backslash = 0x5c, openBrace = 0x7b, closeBrace = 0x7d, openBracket = 0x5b, closeBracket = 0x5d;
const depthMax = 512;

/**
 * Finds the end of one JSON object or array in bytes that arrive in pieces, in one pass. A host may keep the pipe open
 * after its payload, so "until the end of input" never comes, and parsing again at every piece would be quadratic.
 */
export class JsonScan {
  #depth = 0;
  #inText = false;
  #escaped = false;
  #state: "open" | "complete" | "too-deep" = "open";
  #length = 0;

  /** How many bytes belong to the value, once it is complete. */
  get length(): number {
    return this.#length;
  }

  /** Looks at the next piece. Once the state is not "open" any more, later pieces change nothing. */
  push(bytes: Uint8Array): "open" | "complete" | "too-deep" {
    for (let i = 0; i < bytes.length && this.#state === "open"; i++, this.#length++) this.#step(bytes[i]);
    return this.#state;
  }

  #step(byte: number): void {
    if (this.#inText) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = true;
      else if (byte === quote) this.#inText = false;
    } else if (byte === quote) {
      this.#inText = true;
    } else if (byte === openBrace || byte === openBracket) {
      if (++this.#depth > depthMax) this.#state = "too-deep";
    } else if (byte === closeBrace || byte === closeBracket) {
      if (--this.#depth <= 0) this.#state = "complete";
    }
  }
}
