import { assertEquals } from "../support/assert.ts";
import { clientTools } from "../support/client_tools.ts";
import { clientTest, type PluginClient } from "../support/clients.ts";
import type { Turn } from "../support/mock_model.ts";
import { assertEndsWell, type SessionOptions, SharedProject, toldByHooks } from "../support/sessions.ts";

const notebook = {
  cells: [{ cell_type: "code", id: "c1", source: "1", metadata: {}, outputs: [], execution_count: null }],
};
const files = {
  "a.txt": "one\ntwo\nthree\n",
  "n.ipynb": JSON.stringify({ ...notebook, metadata: {}, nbformat: 4, nbformat_minor: 5 }),
};
const notebookEdit = { notebook_path: "n.ipynb", cell_id: "c1", new_source: "2" };

/** A session's own work: it reads, edits twice, writes what is new and what is there, and edits a notebook. */
const work: Readonly<Record<PluginClient, readonly Turn[]>> = {
  claude: [
    ...filesWork("claude"),
    [{ tool: "Read", input: { file_path: "n.ipynb" } }],
    [{ tool: "ToolSearch", input: { query: "select:NotebookEdit" } }],
    [{ tool: "NotebookEdit", input: notebookEdit }],
  ],
  gemini: filesWork("gemini"),
};

const edited: Readonly<Record<PluginClient, readonly string[]>> = {
  claude: ["a.txt", "b.txt", "n.ipynb"],
  gemini: ["a.txt", "b.txt"],
};

for (const client of ["claude", "gemini"] as const) {
  await clientTest(client, `a ${client} that works alone takes leases, and its model sees no difference`, async () => {
    const bare = await modelView(client, { hooks: "none" });
    assertEquals(bare.leased, []);
    const guarded = await modelView(client, {});
    assertEquals(guarded.leased, edited[client]);
    assertEquals(guarded.texts, bare.texts);
    const withoutProgram = await modelView(client, { env: { PATH: pathWithoutTruce() } });
    assertEquals(withoutProgram.leased, []);
    assertEquals(withoutProgram.texts, bare.texts);
  });
}

await clientTest("claude", "a hook after a read that comes late warns of no own edit", async () => {
  using project = new SharedProject(files);
  using start = project.gate("start");
  using end = project.gate("end");
  const { read, edit, shell } = clientTools.claude;
  await using run = await project.start("claude", {
    id: "aaaa",
    hooks: { aroundReadHook: { before: start.wait, after: end.open } },
    turns: [
      [read("a.txt")],
      [edit("a.txt", "one", "1")],
      [shell(`${start.open}; ${end.wait}`)],
      [edit("a.txt", "two", "2")],
    ],
  });
  await assertEndsWell(run);
  assertEquals(toldByHooks(run), []);
  assertEquals(project.text("a.txt"), "1\n2\nthree\n");
});

/** Returns what the model of a session read, without what differs from run to run, and which files it had leases on. */
async function modelView(client: PluginClient, options: Partial<SessionOptions>) {
  using project = new SharedProject(files);
  let leased: string[] = [];
  const lookAtLeases = async () => {
    const leases = await project.leases();
    leased = leases.map(({ path }) => path.slice(project.path.length + 1));
    return [];
  };
  await using run = await project.start(client, { id: "aaaa", turns: [...work[client], lookAtLeases], ...options });
  await assertEndsWell(run);
  const texts = run.mock.textsSentToModel().map((text) =>
    text.replaceAll(/truce-(project|home)-\w+/g, "truce-$1").replaceAll(/\b[0-9a-f]{7} start/g, "start")
  );
  assertEquals([project.text("a.txt"), project.text("b.txt")], ["1\n2\n3\n", "newer\n"]);
  return { leased, texts };
}

function filesWork(client: PluginClient): Turn[] {
  const { read, edit, write } = clientTools[client];
  return [
    [read("a.txt")],
    [edit("a.txt", "one", "1")],
    [edit("a.txt", "two", "2")],
    [write("b.txt", "new\n")],
    [write("b.txt", "newer\n")],
    [read("a.txt")],
    [edit("a.txt", "three", "3")],
  ];
}

function pathWithoutTruce(): string {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  return folders.filter((folder) => !has(folder, "truce")).join(":");
}

function has(folder: string, program: string): boolean {
  try {
    return Deno.statSync(`${folder}/${program}`).isFile;
  } catch {
    return false;
  }
}
