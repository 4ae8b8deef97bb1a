import * as std from "@std/assert";

/** Fails with `message` unless `condition` holds. */
export function assert(condition: unknown, message?: string): asserts condition {
  std.assert(condition, message);
}

/** Fails with a diff unless both values are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  std.assertEquals(actual, expected, message);
}

/** Fails unless `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  std.assertStringIncludes(actual, expected, message);
}

/** Fails unless `actual` matches `expected`. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  std.assertMatch(actual, expected, message);
}

/** Fails unless `action` throws an error of `kind` whose message contains `text`; returns that error. */
export function assertThrows<E extends Error>(action: () => unknown, kind: new (...args: never[]) => E, text = ""): E {
  return std.assertThrows(action, kind, text);
}

/** Fails unless the promise of `action` is rejected with an error of `kind` whose message contains `text`. */
export function assertRejects<E extends Error>(
  action: () => PromiseLike<unknown>,
  kind: new (...args: never[]) => E,
  text = "",
): Promise<E> {
  return std.assertRejects(action, kind, text);
}
