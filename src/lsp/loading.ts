// Servers read a project before they know anything. A server that is still loading finds nothing where there is something.

import { field, type JsonObject, numberField, textField } from "../base/decode.ts";
import { type Known, notKnown } from "./question.ts";

/** What a server works on between its start and the first moment without work. */
export class Loading {
  readonly #name: string;
  /** By token, in per cent where the server counts. */
  readonly #work = new Map<string, number | undefined>();
  readonly #over = Promise.withResolvers<void>();
  #isOver = false;

  /** `name` is what people know the server by. */
  constructor(name: string) {
    this.#name = name;
  }

  get isGoing(): boolean {
    return !this.#isOver && this.#work.size > 0;
  }

  /** Resolves at the first moment without work, which a server that tells of none never has. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /** Takes over the parameters of `$/progress`. */
  progress(params: JsonObject): void {
    const [token, value] = [String(params.token), field(params, "value")];
    const kind = textField(value, "kind");
    if (kind === "begin" || kind === "report") {
      this.#work.set(token, numberField(value, "percentage") ?? this.#work.get(token));
    }
    if (kind !== "end" || !this.#work.delete(token) || this.#work.size > 0) return;
    this.#isOver = true;
    this.#over.resolve();
  }

  /** Returns what is known of every file meanwhile. */
  starting(): Known {
    const percent = [...this.#work.values()].find((value) => value !== undefined);
    const part = percent === undefined ? "" : `, ${Math.round(percent)} % indexed`;
    return notKnown(`starting ${this.#name}`, `${this.#name} is starting${part}`);
  }
}
