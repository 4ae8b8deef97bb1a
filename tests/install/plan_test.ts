// What is found out before anything is written: who else calls truce, and where the daemon is asked.

import { carryOut, planAndCarryOut } from "../../src/install/carry_out.ts";
import { planInstall, planUninstall, recordFor, type Subject } from "../../src/install/plan.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { bytesAt, put, Scene } from "./scene.ts";

const options = { call: { truce: "truce" }, isHttp: false };
const byHand = ["truce lock acquire --timeout 180 --format claude", "truce lock release", "truce lock track-read"];
const settings = JSON.stringify({
  hooks: { Stop: [{ hooks: byHand.map((command) => ({ type: "command", command })) }] },
});

Deno.test("planInstall() does not take the file of two scopes for two, as in the home folder", async () => {
  using scene = new Scene();
  const subject = atHome(await scene.subject("claude", "user"), scene);
  await scene.install([subject]);
  Deno.symlinkSync(scene.home, `${scene.root}/link`);
  for (const home of [scene.home, `${scene.root}/link`]) {
    const place = { home, project: scene.home };
    assertEquals(planInstall({ ...subject, place }, options).notes, []);
    assertEquals((await planUninstall({ ...subject, place }, () => Promise.resolve(undefined))).notes, []);
  }
});

Deno.test("planInstall() still sees the file of another scope in the home folder", async () => {
  using scene = new Scene();
  const local = atHome(await scene.subject("claude", "local"), scene);
  await scene.install([local]);
  const { obstacle } = planInstall({ ...local, scope: "user" }, options);
  assertMatch(obstacle ?? "", /^[^;]*\/settings\.local\.json calls truce already; [^;]* --scope local$/);
});

Deno.test("planInstall() tells of calls by hand in every scope, and writes beside them", async () => {
  using scene = new Scene();
  const [subject, user] = [await scene.subject("claude"), await scene.subject("claude", "user")];
  for (const { path } of [subject, user]) put(path, settings);
  const { notes, obstacle } = planInstall(subject, options);
  assertEquals(obstacle, undefined);
  const said = byHand.map((command) => `"${command}"`).join(", ");
  assertEquals(
    notes,
    [subject.path, user.path].map((path) =>
      `${path} also calls truce by hand: remove ${said} from it, or type truce uninstall claude --scope project`
    ),
  );
  await scene.install([subject]);
  assertEquals(planInstall(subject, options).notes, notes, "they are there, still");
  const { notes: later } = await planUninstall(subject, () => Promise.resolve(undefined));
  assertEquals(later[0], `${subject.path} calls truce by hand, and goes on with that: ${said}`);
  await scene.uninstall([subject]);
  assertEquals(bytesAt(subject.path), settings);
});

Deno.test("planInstall() has the daemon asked where it is told, and where the file says already", async () => {
  using scene = new Scene();
  const subject = await scene.subject("claude");
  assertEquals(await portsAfter(scene, subject, 7001), ["7001"]);
  assertEquals(await portsAfter(scene, subject, 7002), ["7001"]);
  await scene.uninstall([subject]);
  assertEquals(await portsAfter(scene, subject, undefined), ["9876"]);
});

Deno.test("planAndCarryOut() plans when it is its turn, so that the one who waited finds nothing to do", async () => {
  using scene = new Scene();
  const subject = await scene.subject("claude");
  put(subject.path, "{}\n");
  const installs = [1, 2, 3, 4, 5, 6].map(() =>
    planAndCarryOut(scene.state, () => [planInstall(subject, options)], recordFor)
  );
  const changes = (await Promise.all(installs)).flat().filter(({ file, after }) => file.text !== after);
  assertEquals(changes.length, 1);
  await scene.uninstall([subject]);
  assertEquals(bytesAt(subject.path), "{}\n");
});

function atHome<T extends Subject>(subject: T, scene: Scene): T {
  return { ...subject, place: { home: scene.home, project: scene.home } };
}

async function portsAfter(scene: Scene, subject: Subject & { path: string }, port: number | undefined) {
  const call = port === undefined ? { truce: "truce" } : { truce: "truce", port };
  await carryOut(scene.state, [planInstall(subject, { call, isHttp: true })], recordFor);
  const ports = Array.from(bytesAt(subject.path).matchAll(/127\.0\.0\.1:(\d+)\//g), ([, found]) => found);
  return [...new Set(ports)];
}
