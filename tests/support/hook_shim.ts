// Stands for `truce hook-shim gemini COMMAND`: a program that runs a hook of Claude Code for Gemini CLI.

import { claudePayload, geminiReply } from "../../src/sync/targets/gemini/hook_dialect.ts";
import { asObject } from "../../src/base/decode.ts";

if (import.meta.main) {
  const payload = asObject(JSON.parse(await new Response(Deno.stdin.readable).text())) ?? {};
  const args = ["-c", decodeURIComponent(Deno.args[2])];
  const child = new Deno.Command("sh", { args, stdin: "piped", stdout: "piped", stderr: "piped" }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(claudePayload(payload))));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  const reply = geminiReply(payload, { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) });
  if (reply !== undefined) console.log(JSON.stringify(reply));
}
