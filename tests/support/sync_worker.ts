// One sync of a scene in a process of its own, which may be killed: `sync_worker.ts PROJECT STATE STAGE`.

import { syncPlace, wantedAt } from "./sync_scene.ts";

const [project, state, stage] = Deno.args;
const said = await syncPlace({ scope: "project", root: project, state }, wantedAt(project, Number(stage)));
console.log(said.join("\n"));
