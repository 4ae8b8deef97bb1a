// A play says in one line what holders do to locks and when. It is run through the real functions on a machine of its
// own, and what came of it is one line again.
//
//   step     <holder><verb><targets><options>@<second>
//   holder   a, b, …  sessions, each with a process of its host; a/t is the sub-agent t of a; P (capital) is a person
//   verb     +        asks for the targets           -        its edit of the targets is over
//            :fail:   its edit of them failed        :free:   gives back by hand all that it has on them
//            :stop    its turn is over               :batch   the calls of a batch are over
//            :sign    it goes on somehow             :end     its session is over
//            :die     its host's process dies        :resume  that died, and another one goes on with the session
//            :kill    its process that waits dies    :break:  ends the lock of another
//            :leave   it waits for no answer any more
//   targets  f,g are files; src/ is a folder; $git is a resource
//   options  #1 id of the call (1); =60 by hand, for 60 s; ~5 waits at most 5 s (60); %30 grace (0)
//   stage    ?f@3 who has f;  !boot@3 the machine starts again;  !clock@3 the wall clock goes back an hour
//
//   outcome  a:f,g@0 granted;  a:busy:b,2@5 refused, b is in the way, 2nd in line;  a:circle:a>b>a@5;  a:crowded@5;  a:gone@5
//            a:told:broken@6 (or lost, overwritten);  a:lost:f@6, a:theirs:f@6, a:none:f@6 there was nothing to end
//            f=a:grace:28<b<c@7 (or f=free) a has f for 28 s, b and c wait

import { acquire, type Acquired } from "../../src/locks/acquire.ts";
import { claimsIn, type LockContext } from "../../src/locks/context.ts";
import { type Holder, namedHolder, sessionHolder } from "../../src/sessions/holder.ts";
import type { Ending, Lease } from "../../src/locks/lease.ts";
import { breakLease, leaseOn, listLeases } from "../../src/locks/listing.ts";
import { endSession, settle, type Settlement } from "../../src/locks/settle.ts";
import { overlap, pathTarget, resourceTarget, type Target } from "../../src/locks/target.ts";
import { assertEquals } from "./assert.ts";
import { Machine, processNamed } from "./machine.ts";

/** The longest wait of a play counts from its last step. */
const waitMaxS = 1_000;
const stepPattern = /^([\w/]*)([+?!-]|:[a-z]+:?)([\w/.$,]*)((?:[#=~%][\w.]+)*)@([\d.]+)$/;

/** Tests each play of `table` for its outcome, by the name of the test. */
export function scenes(table: Readonly<Record<string, readonly [play: string, outcome: string]>>): void {
  for (const [name, [text, outcome]] of Object.entries(table)) {
    Deno.test(name, async () => assertEquals(await play(text), outcome));
  }
}

/**
 * Returns the outcome of the play `text`. Throws when two holders could write one file, a fence falls, somebody waits for
 * ever, or something is left of those who waited.
 */
export async function play(text: string): Promise<string> {
  const steps = await Promise.all(text.trim().split(/\s+/).map(understand));
  const cast = new Cast();
  for (const step of steps) {
    await cast.machine.time.passTo(step.atS);
    await cast.act(step);
    cast.checkExclusion();
  }
  await cast.machine.time.passTo(Math.max(...steps.map(({ atS }) => atS)) + waitMaxS);
  await cast.checkNobodyWaits();
  return cast.outcome.join(" ");
}

interface Step {
  readonly who: string;
  readonly verb: string;
  readonly holder: Holder;
  readonly targets: readonly Target[];
  readonly callIds: readonly string[];
  readonly ttlS: number | undefined;
  readonly waitS: number;
  readonly graceS: number;
  readonly atS: number;
}

async function understand(text: string): Promise<Step> {
  const [, who, sign, word, flags, at] = stepPattern.exec(text) ?? [];
  if (at === undefined) throw new Error(`Cannot play "${text}": it is no step`);
  const verb = sign === "!" ? sign + word : sign;
  const names = sign === "!" || word === "" ? [] : word.split(",");
  const valuesOf = (flag: string) =>
    (flags.match(/[#=~%][\w.]+/g) ?? []).filter((one) => one[0] === flag).map((one) => one.slice(1));
  const [ttlS, waitS, graceS] = ["=", "~", "%"].map((flag) => valuesOf(flag).map(Number).at(0));
  const targets = await Promise.all(names.map(targetNamed));
  const callIds = valuesOf("#").length > 0 ? valuesOf("#") : ["1"];
  const holder = await holderNamed(who);
  return { who, verb, holder, targets, callIds, ttlS, waitS: waitS ?? 60, graceS: graceS ?? 0, atS: Number(at) };
}

function holderNamed(who: string): Promise<Holder> {
  const [sessionId, agentId] = who.split("/");
  if (/^[A-Z]/.test(who)) return namedHolder(who);
  return sessionHolder({ host: "play", sessionId, agentId }, processNamed(sessionId));
}

function targetNamed(name: string): Promise<Target> {
  if (name.startsWith("$")) return resourceTarget(name);
  const identity = () => ({ id: name, isFolder: name.endsWith("/") });
  return pathTarget({ realPath: () => undefined, linkTarget: () => undefined, identity }, "/", name);
}

/** Those who act in a play, and what came of it so far. */
class Cast {
  readonly machine = new Machine();
  readonly outcome: string[] = [];
  readonly #hosts = new Map<string, string>();
  readonly #names = new Map<string, string>();
  readonly #granted = new Map<string, Lease>();
  readonly #unanswered = new Set<string>();
  readonly #leaving = new Map<string, AbortController>();
  #asked = 0;

  get #stage(): LockContext {
    return this.machine.locks("stage");
  }

  /** Does one step. A request that has to wait goes on beside the later steps. */
  async act(step: Step): Promise<void> {
    const { who, verb, targets, callIds, atS } = step;
    const session = who.split("/")[0];
    const host = this.#hosts.get(session) ?? session;
    const calls = { kind: "calls", callIds } as const;
    switch (verb) {
      case "+":
        return this.#ask(step);
      case "-":
        return await this.#end(step, calls, { writes: targets.map((target) => stampOf(target, who, atS)) });
      case ":fail:":
        return await this.#end(step, calls);
      case ":free:":
        return await this.#end(step, { kind: "everything" });
      case ":batch":
        return await this.#end(step, calls, { targets: "held" });
      case ":stop":
        return await this.#end(step, { kind: "all calls" }, { targets: "held", isTelling: false });
      case ":sign":
        return await this.#end(step, { kind: "all calls" });
      case ":end":
        return await endSession(this.#stage, this.#holderOf(step));
      case ":die":
        return this.machine.kill(host);
      case ":resume":
        this.machine.kill(host);
        this.#hosts.set(session, `${session} since ${atS}`);
        return await this.#end(step, { kind: "all calls" });
      case ":kill":
        for (const ask of this.#unanswered) if (ask.endsWith(` for ${who}`)) this.#unanswered.delete(ask);
        return this.machine.kill(`waits for ${who}`);
      case ":leave":
        return this.#leavingOf(who).abort();
      case ":break:":
        return void await breakLease(this.#stage, targets[0], this.#holderOf(step));
      case "?":
        return this.#say(this.#whoHas(targets[0]));
      case "!boot":
        this.machine.time.boot = `boot at ${atS}`;
        return;
      case "!clock":
        this.machine.time.wallStepMs -= 3_600_000;
        return;
      default:
        throw new Error(`Cannot play "${verb}": it is no verb`);
    }
  }

  /** Throws when two holders have leases now that let both write one file. */
  checkExclusion(): void {
    const leases = listLeases(this.#stage).map(({ lease }) => lease);
    for (const a of leases) {
      const b = leases.find((other) => other.holder.key !== a.holder.key && overlap(other.target, a.target));
      if (b !== undefined) throw new Error(`Two hold ${a.target.name} and ${b.target.name}: ${this.outcome.join(" ")}`);
    }
  }

  /** Throws when a request was not answered, or when something is left of one that was. */
  async checkNobodyWaits(): Promise<void> {
    await this.#stage.store.change((tx) => claimsIn(tx, this.#stage));
    const left = [...this.#unanswered, ...this.#stage.store.list("wake")];
    if (left.length > 0) throw new Error(`Left behind: ${left.join()}, after ${this.outcome.join(" ")}`);
  }

  #leavingOf(who: string): AbortController {
    const known = this.#leaving.get(who) ?? new AbortController();
    this.#leaving.set(who, known);
    return known;
  }

  #holderOf({ who, holder }: Step): Holder {
    const host = this.#hosts.get(who.split("/")[0]);
    this.#names.set(holder.key, who);
    return host === undefined ? holder : { ...holder, process: processNamed(host) };
  }

  #ask(step: Step): void {
    const { who, targets, callIds, ttlS, waitS } = step;
    const purpose = ttlS === undefined
      ? { kind: "call", callId: callIds[0] } as const
      : { kind: "manual", ttlS } as const;
    const { signal } = this.#leavingOf(who);
    const request = { holder: this.#holderOf(step), targets, purpose, waitS, isTelling: true, signal };
    const answer = acquire(this.machine.locks(`waits for ${who}`), request);
    const ask = `${this.#asked++} for ${who}`;
    this.#unanswered.add(ask);
    this.machine.time.follow(
      answer.then((acquired) => this.#hear(who, acquired), (error) => this.#say(`${who}:${error.message}`))
        .finally(() => this.#unanswered.delete(ask)),
    );
  }

  #hear(who: string, acquired: Acquired): void {
    if (acquired.kind === "crowded" || acquired.kind === "gone") return this.#say(`${who}:${acquired.kind}`);
    if (acquired.kind === "busy") {
      return this.#say(`${who}:busy:${this.#names.get(acquired.obstacle.holder.key)},${acquired.place}`);
    }
    if (acquired.kind === "circle") {
      const ring = [who, ...acquired.waits.map(({ to }) => this.#names.get(to))];
      return this.#say(`${who}:circle:${ring.join(">")}`);
    }
    for (const lease of acquired.leases) this.#checkFence(lease);
    this.#say(`${who}:${acquired.leases.map(({ target }) => shortName(target))}`);
    this.#tell(who, acquired.notices);
  }

  async #end(step: Step, ending: Ending, special: Partial<Settlement> = {}): Promise<void> {
    const { who, targets, graceS } = step;
    const keys = targets.map(({ key }) => key);
    const holder = this.#holderOf(step);
    const { settled, notices } = await settle(this.#stage, {
      ...{ holder, targets: keys, ending, graceS, isTelling: true },
      ...special,
    });
    targets.forEach((target, place) => {
      const one = settled[place];
      if (one.kind === "free") this.#say(`${who}:none:${shortName(target)}`);
      if (one.kind === "not yours") this.#say(`${who}:${one.wasTakenOver ? "lost" : "theirs"}:${shortName(target)}`);
    });
    this.#tell(who, notices);
  }

  #tell(who: string, notices: readonly string[]): void {
    for (const notice of notices) {
      const kind = Object.keys(noticeKinds).find((name) => notice.includes(noticeKinds[name]));
      this.#say(`${who}:told:${kind ?? notice}`);
    }
  }

  #say(what: string): void {
    this.outcome.push(`${what}@${this.machine.time.seconds}`);
  }

  #whoHas(target: Target): string {
    const listed = leaseOn(this.#stage, target);
    if (listed === undefined) return `${shortName(target)}=free`;
    const { lease, phase, secondsLeft, waiters } = listed;
    const line = waiters.map(({ holder }) => `<${this.#names.get(holder.key)}`).join("");
    return `${shortName(target)}=${this.#names.get(lease.holder.key)}:${phase.replace(" ", "-")}:${secondsLeft}${line}`;
  }

  #checkFence(lease: Lease): void {
    const before = this.#granted.get(lease.target.key);
    this.#granted.set(lease.target.key, lease);
    if (before === undefined || lease.fence > before.fence) return;
    if (lease.fence === before.fence && lease.holder.key === before.holder.key) return;
    throw new Error(`The fence of ${lease.target.name} went from ${before.fence} to ${lease.fence}`);
  }
}

const noticeKinds: Readonly<Record<string, string>> = {
  broken: "was broken by",
  lost: "was taken over by",
  overwritten: "was written by",
};

function stampOf(target: Target, who: string, atS: number) {
  return { target, content: { digest: `by ${who} at ${atS}` }, atMs: atS * 1000 };
}

function shortName({ kind, name }: Target): string {
  return `${name.replace(/^\//, "")}${kind === "folder" ? "/" : ""}`;
}
