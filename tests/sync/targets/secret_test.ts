import { isSecret, secretArgument } from "../../../src/sync/targets/secret.ts";
import { assertEquals } from "../../support/assert.ts";

const secrets: readonly (readonly [name: string, text: string])[] = [
  ["API_TOKEN", "hunter2"],
  ["DB_PASSWORD", "12345"],
  ["X-Api-Key", "abc"],
  ["api-key", "abc"],
  ["Authorization", "Bearer abcdef12"],
  ["Authorization", "Basic dXNlcjpwYXNz"],
  ["GH", "ghp_abcdefghijklmnop0123"],
  ["KEY_OF_MODEL", "sk-proj-abcdefghijklmnop0123"],
  ["URL", "postgres://me:hunter2@db.example.com/x"],
  ["URL", "https://x.example.com/mcp?api_key=abc"],
  ["JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x"],
  ["X", "aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3"],
  ["TOKEN", "${TOKEN:-hunter2}"],
];

const harmless: readonly (readonly [name: string, text: string])[] = [
  ["API_TOKEN", "${API_TOKEN}"],
  ["Authorization", "Bearer ${API_TOKEN}"],
  ["API_TOKEN", ""],
  ["API_TOKEN", "${API_TOKEN:-}"],
  ["MAX_THINKING_TOKENS", "31999"],
  ["SSH_PRIVATE_KEY", "~/.ssh/id_ed25519"],
  ["NODE_ENV", "test"],
  ["MODEL", "us.anthropic.claude-sonnet-4-20250514-v1:0"],
  ["URL", "https://api.example.com/v1/mcp?token=${TOKEN}"],
  ["SHA", "0123456789abcdef0123456789abcdef01234567"],
];

Deno.test("isSecret() sees a secret by the name, by its own form, and in a default", () => {
  assertEquals(secrets.filter(([name, text]) => !isSecret(name, text)), []);
});

Deno.test("isSecret() takes references, switches, files and plain words for what they are", () => {
  assertEquals(harmless.filter(([name, text]) => isSecret(name, text)), []);
});

Deno.test("secretArgument() knows an argument by the flag before it and by the flag in it", () => {
  const found = (args: readonly string[]) => secretArgument(args);
  assertEquals(found(["--api-key", "abc"]), "abc");
  assertEquals(found(["--api-key=abc"]), "--api-key=abc");
  assertEquals(found(["--header", "Authorization: Bearer abcdef12"]), "Authorization: Bearer abcdef12");
  assertEquals(found(["-y", "server", "--token", "${TOKEN}", "--api-key", "--verbose"]), undefined);
});
