// deno task try: two agents meet in a scratch repository. Real hook payloads of Claude Code and Gemini CLI go through the
// compiled executable, and what each agent gets is printed. Nothing is left behind.

import { build } from "./build.ts";

const root = new URL("..", import.meta.url).pathname;
const program = `${root}dist/truce${Deno.build.os === "windows" ? ".exe" : ""}`;

if (!exists(program)) await build({ root });
const scratch = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "truce-try-" }));
try {
  await play(scratch);
} finally {
  Deno.removeSync(scratch, { recursive: true });
}

async function play(folder: string): Promise<void> {
  const repository = `${folder}/repository`;
  const file = `${repository}/src/api.ts`;
  Deno.mkdirSync(`${repository}/src`, { recursive: true });
  Deno.writeTextFileSync(file, "export function login(name: string) {\n  return name;\n}\n");
  new Deno.Command("git", { args: ["init", "--quiet", repository] }).outputSync();
  const claude = agent(folder, repository, "claude", "3f2a9c1e-claude");
  const gemini = agent(folder, repository, "gemini", "9b41d7aa-gemini");

  step("Both agents read src/api.ts. truce remembers what each was shown");
  await claude("PostToolUse", "Read", { file_path: file }, readByClaude(file));
  await gemini("AfterTool", "read_file", { file_path: "src/api.ts" }, readByGemini(file));

  step("Claude is about to edit it: granted");
  const edit = { file_path: file, old_string: "name;", new_string: "name.trim();" };
  await claude("PreToolUse", "Edit", edit);

  step("Gemini wants the same file meanwhile: it waits in line, woken when Claude is done (here without grace)");
  const replace = { file_path: "src/api.ts", old_string: "login", new_string: "signIn", instruction: "rename" };
  const waiting = gemini("BeforeTool", "replace", replace);
  await untilSomebodyWaits(folder, repository, file);
  Deno.writeTextFileSync(file, Deno.readTextFileSync(file).replace(edit.old_string, edit.new_string));
  await claude("PostToolUse", "Edit", edit, {}, ["lock", "release", "--grace", "0"]);
  print("Gemini wakes up, and learns that what it read is stale. It is asked to read again, once:");
  await waiting;

  step("Gemini reads again, edits, and keeps the file for 30 s in case the edit needs a fix");
  await gemini("AfterTool", "read_file", { file_path: "src/api.ts" }, readByGemini(file));
  await gemini("BeforeTool", "replace", replace);
  Deno.writeTextFileSync(file, Deno.readTextFileSync(file).replace(replace.old_string, replace.new_string));
  await gemini("AfterTool", "replace", replace, { llmContent: "Successfully modified file", returnDisplay: "" });

  step("Claude wants it back at once and does not wait: denied, with the holder and its place in line");
  await claude("PreToolUse", "Edit", edit, undefined, ["lock", "acquire", "--timeout", "0"]);

  step("Gemini's session ends, so the file is free. Claude edits, and is told what changed since it read");
  await gemini("SessionEnd");
  await claude("PreToolUse", "Edit", edit);

  step("truce lock list");
  print(await run(folder, repository, ["lock", "list"], ""));
}

/** Returns a function that sends one hook of a session to truce and prints the answer. */
function agent(folder: string, cwd: string, host: string, sessionId: string) {
  let calls = 0;
  return async (event: string, tool?: string, input?: unknown, response?: unknown, words = ["hook", event]) => {
    if (event.startsWith("Pre") || event.startsWith("Before")) calls++;
    const payload = {
      session_id: sessionId,
      transcript_path: `${folder}/transcript.jsonl`,
      cwd,
      hook_event_name: event,
      tool_name: tool,
      tool_input: input,
      tool_response: response,
      tool_use_id: host === "claude" ? `toolu_${calls}` : undefined,
    };
    const answer = await run(folder, cwd, [...words, "--format", host], JSON.stringify(payload));
    print(
      `${host} ${event}${tool === undefined ? "" : ` ${tool}`} -> ${
        answer === "" ? "(silence: go on)" : readable(answer)
      }`,
    );
  };
}

async function run(folder: string, cwd: string, words: string[], input: string): Promise<string> {
  const child = new Deno.Command(program, {
    args: words,
    cwd,
    env: { HOME: folder, TRUCE_STATE_DIR: `${folder}/state`, CLAUDE_PID: String(Deno.pid) },
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { stdout } = await child.output();
  return new TextDecoder().decode(stdout).trimEnd();
}

async function untilSomebodyWaits(folder: string, cwd: string, file: string): Promise<void> {
  for (let looks = 0; looks < 200; looks++) {
    const { waiting } = JSON.parse(await run(folder, cwd, ["lock", "status", file, "--json"], ""));
    if (waiting?.length > 0) return print(`(in line now: ${waiting.join(", ")})`);
  }
  throw new Error("Nobody is in line");
}

function readByClaude(file: string) {
  const content = Deno.readTextFileSync(file);
  const lines = content.split("\n").length;
  return { type: "text", file: { filePath: file, content, numLines: lines, startLine: 1, totalLines: lines } };
}

function readByGemini(file: string) {
  return { llmContent: Deno.readTextFileSync(file), returnDisplay: "" };
}

/** Shows a reply as its host hands it on: the JSON, with its text in lines. */
function readable(reply: string): string {
  return reply.replaceAll("\\n", "\n     ").replaceAll('\\"', '"');
}

function step(text: string): void {
  console.log(`\n* ${text}`);
}

function print(text: string): void {
  console.log(text.replace(/^/gm, "  "));
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
