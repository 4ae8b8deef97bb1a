/** What a caller may do about a failure: mend the words it typed, wait or repair the state, or accept a no. */
export type ErrorKind = "usage" | "unavailable" | "refused";

/** A failure that truce expects. Anything else that is thrown is a bug. */
export class TruceError extends Error {
  override readonly name = "TruceError";
  readonly kind: ErrorKind;
  /** A command to type, or a fact that leads to one. */
  readonly hint: string | undefined;

  constructor(kind: ErrorKind, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.hint = options.hint;
  }
}

/** Returns one line that says what `error` is and, after a bug, which. */
export function describeError(error: unknown): string {
  if (error instanceof TruceError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
