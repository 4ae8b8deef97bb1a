import { TruceError } from "../../src/base/error.ts";
import { placesIn } from "../../src/daemon/places.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "../support/assert.ts";

const restBytes = "/serve/socket".length;

Deno.test("placesIn() keeps all in one folder of the state", () => {
  const { folder, ...rest } = placesIn("/state");
  assertEquals(folder, "/state/serve");
  assertEquals(Object.values(rest).filter((path) => !path.startsWith("/state/serve/")), []);
});

Deno.test("placesIn() takes a path as long as a socket's may be, and refuses a longer one with what to do", () => {
  placesIn(`/${"x".repeat(99 - restBytes)}`);
  const { hint } = assertThrows(
    () => placesIn(`/${"x".repeat(102 - restBytes)}`),
    TruceError,
    "its path has 103 bytes",
  );
  assertStringIncludes(hint ?? "", "Set TRUCE_STATE_DIR to a folder whose path is at least 3 bytes shorter");
});

Deno.test("placesIn() counts bytes, as systems do", () => {
  assertThrows(() => placesIn(`/${"ü".repeat(60)}`), TruceError, "134 bytes");
});
