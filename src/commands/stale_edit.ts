import type { AcquireRequest } from "../locks/acquire.ts";
import type { LockContext } from "../locks/context.ts";
import { shortDiff } from "../locks/diff.ts";
import type { Stale } from "../locks/reads.ts";
import { settle } from "../locks/settle.ts";
import { sayStale } from "../locks/words.ts";
import type { Verdict } from "../hosts/host.ts";

/** Hosts cut what is longer than about ten thousand characters; a diff has at most four thousand. */
const diffsMax = 2;

/** What a granted edit is told of. */
interface News {
  readonly stale: readonly Stale[];
  readonly notices: readonly string[];
  /** When the event began. */
  readonly atMs: number;
}

/**
 * Tells an agent whose edit was granted what changed since it read the files, once. Where its model reads nothing before
 * an edit but a denial, the edit is denied and keeps no lease; the next try goes through.
 */
export async function answerStale(locks: LockContext, request: AcquireRequest, news: News): Promise<Verdict> {
  const { holder, targets, purpose, cwd = "/", isTelling } = request;
  const reads = news.stale.map(({ target, current }) => ({ target, content: current, atMs: news.atMs }));
  const texts = news.stale.map((one, place) => describe(one, place < diffsMax, cwd, locks));
  const text = [...news.notices, ...texts].join("\n");
  const callIds = purpose.kind === "call" ? [purpose.callId] : [];
  const ended = isTelling ? [] : targets.map(({ key }) => key);
  await settle(locks, { holder, targets: ended, ending: { kind: "calls", callIds }, graceS: 0, reads });
  return isTelling
    ? { kind: "tell", text: `${text}\nThe edit goes ahead: check that it still fits` }
    : { kind: "deny", reason: `${text}\nRead it again, then retry the edit` };
}

function describe(stale: Stale, hasDiff: boolean, cwd: string, { clock }: LockContext): string {
  const { shown, current: { text } } = stale;
  const diff = hasDiff && shown !== undefined && text !== undefined ? shortDiff(shown, text) : undefined;
  return sayStale(stale, diff, cwd, clock.now());
}
