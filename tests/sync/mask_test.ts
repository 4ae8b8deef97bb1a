// One text is a secret for all that look for one: what must not be written is not shown either.

import { maskedText, maskedValue } from "../../src/sync/mask.ts";
import { holdsSecret, withoutSecrets } from "../../src/sync/secret_shapes.ts";
import { isSecret } from "../../src/sync/targets/secret.ts";
import { assertEquals } from "../support/assert.ts";

/** Texts with a secret between brackets. */
const shapes: readonly string[] = [
  "[sk-proj-abcdefghijklmnop0123]",
  "[sk-abcdefghijklmnopqrst]",
  "[ghp_abcdefghijklmnop0123]",
  "[github_pat_11ABCDEFG0abcdef]",
  "[glpat-abcdefghij-0123]",
  "[npm_abcdefghij0123456789]",
  "[xoxb-1234-abcd]",
  "[AKIAIOSFODNN7EXAMPLE]",
  "[AIzaSyA-abcdefghijklmnopq]",
  "[eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x]",
  "Authorization: Bearer [abcdefgh]",
  "Authorization: basic [dXNlcjpwYXNz]",
  "postgres://[me:hunter2]@db.example.com/x",
  "https://x.example.com/mcp?a=b&api_key=[abc]&c=d",
  "x [aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3] y",
  "[-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----]\nrest",
  "[-----BEGIN PRIVATE KEY-----\nhalf]",
];
const harmless: readonly string[] = [
  "npx -y sk-learn-mcp-server npm-check-updates",
  "the basic configuration and the bearer of it",
  "us.anthropic.claude-sonnet-4-20250514-v1:0",
  "0123456789abcdef0123456789abcdef01234567",
  "https://api.example.com/v1/mcp?token=${TOKEN}",
  "@scope/package@1.2.3 --flag",
];

Deno.test("withoutSecrets() hides a secret and no more, and holdsSecret() and isSecret() see the same ones", () => {
  for (const text of shapes) {
    const plain = text.replaceAll(/[[\]]/g, "");
    assertEquals(withoutSecrets(plain, "***"), text.replace(/\[[\s\S]*\]/, "***"));
    assertEquals([holdsSecret(plain), isSecret("", plain), holdsSecret(plain)], [true, true, true], text);
    assertEquals(maskedText(plain), text.replace(/\[[\s\S]*\]/, "***"));
  }
});

Deno.test("withoutSecrets() leaves words, names of packages, hashes and references", () => {
  assertEquals(harmless.map((text) => withoutSecrets(text, "***")), harmless);
  assertEquals(harmless.filter((text) => isSecret("", text)), []);
});

Deno.test("maskedValue() hides by more names and shapes than isSecret() refuses by", () => {
  const key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  assertEquals(maskedValue({ MAX_TOKENS_PER_DAY: "9000", path: key }, []), { MAX_TOKENS_PER_DAY: "***", path: "***" });
  assertEquals([isSecret("MAX_TOKENS_PER_DAY", "9000"), isSecret("path", key)], [false, false]);
});
