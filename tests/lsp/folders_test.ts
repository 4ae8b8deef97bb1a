// The folders of sessions, and which server gets which.

import { field } from "../../src/base/decode.ts";
import { assertEquals } from "../support/assert.ts";
import { isRunning, PoolPlace } from "../support/pool.ts";
import { untilTrue } from "../support/daemon.ts";
import type { LogLine } from "../support/server_script.ts";

const changes = "workspace/didChangeWorkspaceFolders";

function uris(list: unknown): unknown[] {
  return Array.isArray(list) ? list.map((one) => field(one, "uri")) : [];
}

/** Returns the names of the folders that were added and removed by each message. */
function told({ server, root }: PoolPlace): string[] {
  const name = (uri: unknown) => String(uri).replace(`file://${root}/`, "");
  return server.received(changes).map((params) => {
    const event = field(params, "event");
    const [added, removed] = [uris(field(event, "added")), uris(field(event, "removed"))];
    return [...added.map((uri) => `+${name(uri)}`), ...removed.map((uri) => `-${name(uri)}`)].join(" ");
  });
}

function hasCome(count: number): (log: LogLine[]) => boolean {
  return (log) => log.filter((line) => line.kind === "received" && line.method === changes).length >= count;
}

function threeFolders(place: PoolPlace): string[] {
  for (const name of ["../second/b.toy", "../third/c.toy"]) place.write(name, `ERROR ${name.at(-5)}`);
  return [place.project, `${place.root}/second`, `${place.root}/third`];
}

for (const folders of ["dynamic", "registered"] as const) {
  Deno.test(`a server whose folders are ${folders} is told when those of the session change`, async () => {
    await using place = new PoolPlace({ folders });
    const [first, second, third] = threeFolders(place);
    assertEquals(await place.edit("a.toy", "ERROR a", { session: "s", folders: [first] }), "a");
    place.pool.setFolders({ session: "s", folders: [first, second] });
    assertEquals(await place.ask("../second/b.toy", { session: "s", folders: [first, second] }), "b");
    assertEquals(await place.ask("../third/c.toy", { session: "s", folders: [first, third] }), "c");
    place.pool.setFolders({ session: "s", folders: [first] });
    await place.server.until("all is told", hasCome(3));
    assertEquals(told(place), ["+second", "+third -second", "-third"]);
    assertEquals(place.server.starts().length, 1);
  });
}

Deno.test("a server whose folders are fixed is started with those that there are, and once more for others", async () => {
  await using place = new PoolPlace();
  const all = threeFolders(place);
  const two = all.slice(0, 2);
  assertEquals(await place.edit("a.toy", "ERROR a", { session: "s", folders: two }), "a");
  assertEquals(await place.ask("../second/b.toy", { session: "s", folders: two }), "b");
  assertEquals(place.server.starts().length, 1);
  assertEquals(await place.ask("../third/c.toy", { session: "s", folders: all }), "c");
  assertEquals(place.server.received("initialize").map((params) => uris(field(params, "workspaceFolders"))), [
    two.map((folder) => `file://${folder}`),
    [`file://${all[2]}`],
  ]);
  const [, own] = place.server.starts();
  place.pool.setFolders({ session: "s", folders: two });
  await untilTrue("the server of the third folder has ended", () => !isRunning(own));
  assertEquals(await place.ask("a.toy", { session: "s", folders: two }), "a");
  assertEquals(place.server.starts().length, 2);
});

Deno.test("the folders of two sessions with one root are those of both", async () => {
  await using place = new PoolPlace({ folders: "dynamic" });
  const [first, second, third] = threeFolders(place);
  assertEquals(await place.edit("a.toy", "ERROR a", { session: "s", folders: [first, second] }), "a");
  assertEquals(await place.ask("a.toy", { session: "t", folders: [first, third] }), "a");
  place.pool.setFolders({ session: "s", folders: [first] });
  await place.server.until("all is told", hasCome(2));
  assertEquals(told(place), ["+third", "-second"]);
});

Deno.test("servers of folders that no session has any more are ended", async () => {
  await using place = new PoolPlace();
  const [first, second] = threeFolders(place);
  assertEquals(await place.edit("a.toy", "ERROR a", { session: "s", folders: [first] }), "a");
  assertEquals(await place.ask("a.toy", { session: "t", folders: [first] }), "a");
  const [pid] = place.server.starts();
  place.pool.setFolders({ session: "s", folders: [second] });
  assertEquals(isRunning(pid), true);
  place.pool.setFolders({ session: "t", folders: [] });
  await untilTrue("it has ended", () => !isRunning(pid));
  assertEquals(place.pool.status(), []);
});

Deno.test("a folder is no part of another whose name it begins with", async () => {
  await using place = new PoolPlace();
  place.write("../project2/b.toy", "ERROR b");
  assertEquals(
    await place.ask("../project2/b.toy"),
    "it lies outside of the session's folders and of every repository",
  );
  place.write("../project2/.git/HEAD", "ref: refs/heads/main\n");
  assertEquals(await place.ask("../project2/b.toy"), "b");
  const [params] = place.server.received("initialize");
  assertEquals(field(params, "rootUri"), `file://${place.root}/project2`);
});

Deno.test("a server that nobody has used for long is ended, and started again", async () => {
  await using place = new PoolPlace();
  assertEquals(await place.edit("a.toy", "ERROR one"), "one");
  place.pool.tend(performance.now() + 29 * 60_000);
  assertEquals(place.pool.status().length, 1);
  place.pool.tend(performance.now() + 31 * 60_000);
  assertEquals(place.pool.status(), []);
  assertEquals(await place.edit("a.toy", "ERROR two"), "two");
  assertEquals(place.server.starts().length, 2);
});

Deno.test("a server whose configuration changes is started anew", async () => {
  await using place = new PoolPlace();
  assertEquals(await place.edit("a.toy", "ERROR one"), "one");
  place.add("scripted", {}, { options: { toy: 1 } });
  assertEquals(await place.edit("a.toy", "ERROR two"), "two");
  const options = place.server.received("initialize").map((params) => field(params, "initializationOptions"));
  assertEquals(options, [{}, { toy: 1 }]);
  await untilTrue("the first has ended", () => !isRunning(place.server.starts()[0]));
});
