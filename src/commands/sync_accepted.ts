// The losses that a person has accepted, place by place.

import { type JsonObject, textList } from "../base/decode.ts";
import { digest } from "../base/digest.ts";
import type { Store, StoredRecord } from "../store/store.ts";
import type { SyncPlace } from "../sync/record.ts";

const acceptedMax = 2_000;

interface Accepted extends StoredRecord {
  readonly losses: readonly string[];
}

/** Returns the losses that were accepted in `place`, by their keys. */
export async function acceptedLosses(store: Store, place: SyncPlace): Promise<readonly string[]> {
  return store.peek(await keyOf(place), asAccepted)?.losses ?? [];
}

/** Accepts `losses` in `place`, from now on. */
export async function acceptLosses(store: Store, place: SyncPlace, losses: readonly string[]): Promise<void> {
  const key = await keyOf(place);
  await store.change((tx) => {
    const known = tx.get(key, asAccepted)?.losses ?? [];
    tx.put<Accepted>(key, { v: 1, losses: [...new Set([...known, ...losses])].slice(-acceptedMax) });
  });
}

function asAccepted(record: JsonObject): Accepted | undefined {
  return { v: 1, losses: textList(record, "losses") };
}

async function keyOf({ scope, root }: SyncPlace): Promise<string> {
  const id = await digest(`${scope}\0${root}`);
  return `losses/${id.slice(0, 2)}/${id.slice(2)}`;
}
