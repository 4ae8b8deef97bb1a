// How long to wait for findings that a server publishes when it likes. Some publish once for each change, some in several
// rounds, some without saying for which version, some never. What a server does is learned from what it has done.

/** What a server was seen to do. Times are milliseconds. */
export interface Profile {
  /** Whether its publications name the right version of the document. */
  readonly versions: "unknown" | "right" | "none";
  /** Whether it has let a whole wait pass without a word. */
  readonly isSilent: boolean;
  /** From a change to its first publication, the last few times. */
  readonly delays: readonly number[];
  /** The longest pause between the publications for one change, the last few times. */
  readonly pauses: readonly number[];
}

/** A server of which nothing is known. */
export const newProfile: Profile = { versions: "unknown", isSilent: false, delays: [], pauses: [] };

const rememberedMax = 8;
const knownAfter = 3;
const firstSilenceMs = 5_000;
const answeredSilenceMinMs = 1_000;
const learnedSilenceMs = 250;
const firstQuietMs = 300;
const quietMinMs = 30;
const quietMaxMs = 1_000;

/** Returns how long after a change to wait for the first word. */
export function silenceMs({ isSilent, delays }: Profile): number {
  if (isSilent) return learnedSilenceMs;
  if (delays.length === 0) return firstSilenceMs;
  return Math.min(firstSilenceMs, Math.max(answeredSilenceMinMs, 4 * Math.max(...delays)));
}

/** Returns how long it must be quiet after a publication until the findings count as settled. */
export function quietMs({ pauses }: Profile): number {
  const leastMs = pauses.length < knownAfter ? firstQuietMs : quietMinMs;
  return Math.min(quietMaxMs, Math.max(leastMs, 2 * Math.max(0, ...pauses)));
}

/**
 * Returns how long after a change a publication without a version may still be about the content before it, when that
 * had not been answered yet.
 */
export function doubtMs({ delays }: Profile): number {
  return delays.length === 0 ? firstSilenceMs : Math.min(firstSilenceMs, 1.5 * Math.max(...delays));
}

/** Returns the profile after a change that was answered after `delayMs`, in publications at most `pauseMs` apart. */
export function answered(profile: Profile, delayMs: number, pauseMs: number): Profile {
  return {
    ...profile,
    isSilent: false,
    delays: [...profile.delays, delayMs].slice(-rememberedMax),
    pauses: [...profile.pauses, pauseMs].slice(-rememberedMax),
  };
}

/** Returns the profile after a change to which nothing was said. */
export function silent(profile: Profile): Profile {
  return { ...profile, isSilent: true };
}
