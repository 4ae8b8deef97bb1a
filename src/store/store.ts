import type { JsonObject } from "../base/decode.ts";

/** A record as it is kept: what JSON can say, with the version of its format. */
export interface StoredRecord {
  readonly v: 1;
}

/** Turns what was kept into a record, or says `undefined` when it is damaged. */
export type Decode<R> = (value: JsonObject) => R | undefined;

/** Reads and changes of one body, published together or not at all. */
export interface Transaction {
  /** Returns the record at `key`, or `undefined`. One that does not decode is set aside for a person to see. */
  get<R>(key: string, decode: Decode<R>): R | undefined;
  /** Says whether the record at `key` was set aside by a `get` of this body, so that what can be rebuilt can be. */
  wasDamaged(key: string): boolean;
  put<R extends StoredRecord>(key: string, record: R): void;
  delete(key: string): void;
  /** Returns the last parts of the keys below `prefix`, without order, as they were before this body. */
  list(prefix: string): string[];
  /** Returns a number that is larger than any in a change that was published. */
  fence(): number;
}

/** Tells when one record changes. */
export interface Watch {
  /** Resolves when the record is changed or deleted, or after `withinMs`; who looks at it after that misses nothing. */
  changed(withinMs: number): Promise<void>;
  close(): void;
}

/**
 * Shared state: records under keys such as `leases/3f/9a…`. Several paths are claimed all or none, in one step, so the
 * unit of change is a body of reads and writes and not a single swap. A backend without a mutex runs the body on a
 * snapshot and swaps by revision; so a body may run more than once, and must act through its transaction alone.
 */
export interface Store {
  /** Runs `body` while nobody else reads or changes. Throws a TruceError "unavailable" when the state cannot be had. */
  change<T>(body: (tx: Transaction) => T): Promise<T>;
  /** Reads one record without keeping anybody waiting; it may be changed right after. */
  peek<R>(key: string, decode: Decode<R>): R | undefined;
  /** Lists the last parts of the keys below `prefix`, as `peek` reads. */
  list(prefix: string): string[];
  watch(key: string): Promise<Watch>;
  /** Returns true for the first caller with this `key`, without the rest of the state: it works while that is broken. */
  first(key: string): boolean;
}
