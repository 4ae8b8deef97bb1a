import { asSession, type Session } from "../../src/sessions/session.ts";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { checkedClientTest } from "../support/checked_clients.ts";
import { copyHooks } from "../support/client_hooks.ts";
import { makeHome, makeProject, writeFile } from "../support/client_project.ts";
import { clientTools } from "../support/client_tools.ts";
import { runClaudeInteractive } from "../support/clients.ts";
import { endDaemon, filesBelow } from "../support/place.ts";
import type { Terminal } from "../support/terminal.ts";

const { read, edit } = clientTools.claude;

const text = "// How many there are.\nexport const count: number = 1;\n";

await checkedClientTest(
  ["claude", "terminal"],
  "a folder that a person adds with /add-dir belongs to the session, and what is edited there is looked at",
  async (searchPath) => {
    using project = makeProject({ "a.txt": "one\n" });
    // Files outside of every repository are looked at in the folders of a session only.
    using other = makeHome();
    using rest = makeHome();
    const state = `${rest.path}/state`;
    const plugin = `${rest.path}/plugin`;
    copyHooks("claude", plugin, {});
    const file = `${other.path}/b.ts`;
    writeFile(file, text);
    using _daemon = { [Symbol.dispose]: () => endDaemon(state) };

    await using session = await runClaudeInteractive({
      project: project.path,
      home: rest.path,
      script: {
        turns: [
          [read(file)],
          // On a busy machine the language server is still starting when this one is over.
          [edit(file, "there are", "we have")],
          [edit(file, "= 1", '= "one"')],
          [{ text: "It is done." }],
        ],
      },
      env: { PATH: searchPath, TRUCE_STATE_DIR: state },
      args: ["--plugin-dir", plugin],
    });
    const { terminal, mock } = session;
    await terminal.until(/accept edits on/);
    await addFolder(terminal, other.path);
    await enter(terminal, "Do the scripted work.");
    await terminal.until(/It is done\./);
    await enter(terminal, "/exit");
    assertEquals(await terminal.exitCode(), 0);

    assertEquals(sessionsIn(state).map(({ cwd, folders }) => ({ cwd, folders })), [
      { cwd: project.path, folders: [project.path, other.path] },
    ]);
    const afterEdit = await mock.waitForRequest(({ thread, toolResults }) =>
      thread === "main" && toolResults.length === 3
    );
    const finding = "2:14 error Type 'string' is not assignable to type 'number'. (ts 2322)";
    assertStringIncludes(afterEdit.toolResults[2], `\n${file}:${finding}\n`);
    assertEquals(Deno.readTextFileSync(file), text.replace("there are", "we have").replace("1", '"one"'));
  },
);

/** Does what a person does to add a folder for the rest of the session. */
async function addFolder(terminal: Terminal, folder: string): Promise<void> {
  await enter(terminal, `/add-dir ${folder}`);
  await terminal.until(/❯ No, leave it out/);
  await terminal.press("down");
  await terminal.until(/❯ Yes, add it/);
  await terminal.press("enter");
  await terminal.until(/❯ 1\. Yes, for this session/);
  await terminal.press("enter");
  await terminal.until(new RegExp(`Added ${RegExp.escape(folder)} as a working directory`));
}

/** Types a line, and sends it once it stands there. */
async function enter(terminal: Terminal, line: string): Promise<void> {
  await terminal.type(line);
  await terminal.until(new RegExp(`❯ ${RegExp.escape(line)}$`, "m"));
  await terminal.press("enter");
}

function sessionsIn(state: string): Session[] {
  const paths = filesBelow(`${state}/sessions`).filter((path) => path.endsWith(".json"));
  return paths.map((path) => asSession(JSON.parse(Deno.readTextFileSync(path)))).filter((one) => one !== undefined);
}
