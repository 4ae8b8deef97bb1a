import { assert, assertEquals, assertRejects, assertStringIncludes } from "../support/assert.ts";
import { makeProject } from "../support/client_project.ts";
import { clientTest, type Finished, runClaude, runGemini } from "../support/clients.ts";
import { startMockModel } from "../support/mock_model.ts";

const files = { "a.txt": "one\ntwo\n" };

/** A hook that keeps its payload, one line a call, in `hooks.log` of the project. */
const keepPayload = { type: "command", command: "{ tr -d '\\n'; echo; } >>hooks.log" };

await clientTest("claude", "runClaude() fires the hooks of the project for a read and an edit", async () => {
  using project = makeProject(files);
  const hooks = { PreToolUse: [{ hooks: [keepPayload] }], PostToolUse: [{ hooks: [keepPayload] }] };
  const path = `${project.path}/a.txt`;
  const turns = [
    [{ text: "Reading." }, { tool: "Read", input: { file_path: path } }],
    [{ tool: "Edit", input: { file_path: path, old_string: "two", new_string: "2" } }],
  ];
  await using run = await runClaude({ project: project.path, script: { turns }, settings: { hooks } });
  assertSuccess(await run.finished);

  const expected = ["PreToolUse Read", "PostToolUse Read", "PreToolUse Edit", "PostToolUse Edit"];
  assertEquals(keptPayloads(project.path), expected);
  assertEquals(Deno.readTextFileSync(path), "one\n2\n");
  const [read, edit, ...others] = run.mock.toolResults();
  assertStringIncludes(read, "2\ttwo");
  assertStringIncludes(edit, "has been updated");
  assertEquals(others, []);
  assert(run.mock.textsSentToModel().includes("Do the scripted work."));
});

await clientTest("gemini", "runGemini() fires the hooks of the project for a read and an edit", async () => {
  using project = makeProject(files);
  const hooks = {
    BeforeTool: [{ matcher: "*", hooks: [keepPayload] }],
    AfterTool: [{ matcher: "*", hooks: [keepPayload] }],
  };
  const turns = [
    [{ text: "Reading." }, { tool: "read_file", input: { file_path: "a.txt" } }],
    [{ tool: "replace", input: { file_path: "a.txt", instruction: "count", old_string: "two", new_string: "2" } }],
  ];
  await using run = await runGemini({ project: project.path, script: { turns }, settings: { hooks } });
  assertSuccess(await run.finished);

  const expected = ["BeforeTool read_file", "AfterTool read_file", "BeforeTool replace", "AfterTool replace"];
  assertEquals(keptPayloads(project.path), expected);
  assertEquals(Deno.readTextFileSync(`${project.path}/a.txt`), "one\n2\n");
  const [read, edit, ...others] = run.mock.toolResults();
  assertEquals(read, "one\ntwo\n");
  assertStringIncludes(edit, "Successfully modified file");
  assertEquals(others, []);
  assert(run.mock.textsSentToModel().includes("Do the scripted work."));
});

await clientTest("claude", "runClaude() plays an agent's own turns", async () => {
  using project = makeProject(files);
  const task = { description: "read", prompt: "SECOND-VOICE reads", subagent_type: "general-purpose" };
  const script = {
    turns: [[{ tool: "Agent", input: { ...task, run_in_background: false } }]],
    agents: [{ match: "SECOND-VOICE", turns: [[{ text: "I have read it." }]] }],
  };
  await using run = await runClaude({ project: project.path, script });
  assertSuccess(await run.finished);
  assertStringIncludes(run.mock.toolResults().join("\n"), "I have read it.");
});

await clientTest("gemini", "runGemini() plays an agent's own turns", async () => {
  using project = makeProject(files);
  const script = {
    turns: [[{ tool: "invoke_agent", input: { agent_name: "generalist", prompt: "SECOND-VOICE reads" } }]],
    agents: [{
      match: "SECOND-VOICE",
      turns: [[{ tool: "complete_task", input: { result: { response: "I have read it." } } }]],
    }],
  };
  await using run = await runGemini({ project: project.path, script, permissionMode: "yolo" });
  assertSuccess(await run.finished);
  assertStringIncludes(run.mock.toolResults().join("\n"), "I have read it.");
});

await clientTest(["claude", "gemini"], "a turn is held back until the other client got somewhere", async () => {
  using project = makeProject(files);
  const path = `${project.path}/b.txt`;
  const written = Promise.withResolvers<void>();
  await using reader = await runClaude({
    project: project.path,
    script: { turns: [() => written.promise.then(() => [{ tool: "Read", input: { file_path: path } }])] },
  });
  await using writer = await runGemini({
    project: project.path,
    script: { turns: [[{ tool: "write_file", input: { file_path: "b.txt", content: "late\n" } }]] },
  });
  await reader.mock.waitForRequest((request) => request.thread === "main");
  await writer.mock.waitForRequest((request) => request.toolResults.length === 1);
  written.resolve();
  assertSuccess(await writer.finished);
  assertSuccess(await reader.finished);
  assertStringIncludes(reader.mock.toolResults().join("\n"), "1\tlate");
});

await clientTest(["claude", "gemini"], "kill() ends a client that waits for the model", async () => {
  using project = makeProject(files);
  for (const start of [runClaude, runGemini]) {
    const never = Promise.withResolvers<never>();
    await using run = await start({ project: project.path, script: { turns: [() => never.promise] } });
    await run.mock.waitForRequest((request) => request.thread === "main");
    run.kill();
    assertEquals((await run.finished).signal, "SIGKILL");
  }
});

await clientTest(["claude", "gemini"], "finished rejects when the script throws", async () => {
  using project = makeProject(files);
  for (const start of [runClaude, runGemini]) {
    const script = { turns: [() => Promise.reject(new Error("wrong order"))] };
    await using run = await start({ project: project.path, script });
    const error = await assertRejects(() => run.finished, Error, 'Cannot play turn 0 of "main"');
    assertEquals(String(error.cause), "Error: wrong order");
  }
});

await clientTest("claude", "finished rejects when the client outlives its limit", async () => {
  using project = makeProject(files);
  const never = Promise.withResolvers<never>();
  const script = { turns: [() => never.promise] };
  await using run = await runClaude({ project: project.path, script, limitSeconds: 1 });
  await assertRejects(() => run.finished, Error, 'Cannot finish "claude" within 1 s');
});

Deno.test("waitForRequest() says at its deadline what did arrive", async () => {
  await using mock = startMockModel({ turns: [] });
  const body = { model: "m", tools: [{ name: "Read" }], messages: [{ role: "user", content: "Good morning" }] };
  const answer = await fetch(`${mock.url}/v1/messages`, { method: "POST", body: JSON.stringify(body) });
  assertStringIncludes(await answer.text(), "Done.");
  await assertRejects(() => mock.waitForRequest(() => false, 1), Error, 'main turn 0: …"Good morning"');
});

function keptPayloads(project: string): string[] {
  const lines = Deno.readTextFileSync(`${project}/hooks.log`).trim().split("\n");
  return lines.map((line) => JSON.parse(line)).map((payload) => `${payload.hook_event_name} ${payload.tool_name}`);
}

function assertSuccess({ code, stdout, stderr }: Finished): void {
  assertEquals(code, 0, stderr + stdout.slice(-1000));
}
