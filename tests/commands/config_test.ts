import { configFields, isNotifying, isStrict, projectConfig } from "../../src/commands/config.ts";
import { serverFields } from "../../src/lsp/settings.ts";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { root } from "../support/modules.ts";
import { Place } from "../support/place.ts";

/** What truce.jsonc holds, what is read of it, and what is said to be wrong with it. */
const files: readonly (readonly [text: string, value: unknown, problem: string | undefined])[] = [
  ['{ "strict": true, // why\n }', { strict: true }, undefined],
  ['\uFEFF{ "$schema": "x", "servers": {} }', { "$schema": "x", servers: {} }, undefined],
  ['{ "stric": true, "strict": false }', { stric: true, strict: false }, 'has "stric", which is not known'],
  ["[1]", {}, "is no object"],
  ["", {}, "is no JSON with comments"],
  ['{ "strict": true', {}, "is no JSON with comments"],
  ["[".repeat(100_000), {}, "is no JSON with comments"],
  [" ".repeat(1024 * 1024 + 1), {}, "is larger than 1 MiB"],
];

for (const [text, value, problem] of files) {
  Deno.test(`projectConfig() of ${JSON.stringify(text.slice(0, 40))} is ${JSON.stringify(value)}`, () => {
    using place = new Place();
    const path = place.write("truce.jsonc", text);
    const config = projectConfig(place.project);
    assertEquals([config?.path, config?.value], [path, value]);
    assertEquals(config?.problem === undefined, problem === undefined);
    assertStringIncludes(config?.problem ?? "", problem ?? "");
  });
}

Deno.test("projectConfig() is the nearest file at or above a folder, and no folder of that name", () => {
  using place = new Place();
  assertEquals(projectConfig(place.project), undefined);
  const path = place.write("truce.jsonc", "{}");
  place.write("sub/truce.jsonc/file");
  assertEquals(projectConfig(`${place.project}/sub/deep`)?.path, path);
  const nearer = place.write("sub/deep/truce.jsonc", "{}");
  assertEquals(projectConfig(`${place.project}/sub/deep`)?.path, nearer);
});

Deno.test("isStrict() and isNotifying() heed the user and the project, and not what a broken file seems to say", () => {
  using place = new Place();
  const said = (user: string, project: string) => {
    place.write("truce.jsonc", project);
    place.write("user/truce.jsonc", user);
    const config = projectConfig(`${place.project}/user`);
    return [isStrict(place.project, config), isNotifying(place.project, config)];
  };
  assertEquals(said("{}", '{ "strict": true, "notify": false }'), [true, false]);
  assertEquals(said('{ "strict": true, "notify": false }', '{ "strict": false, "notify": true }'), [true, false]);
  assertEquals(said("{}", '{ "strict": "true", "notify": null }'), [false, true]);
  assertEquals(said("", '{ "strict": true, "notify": false'), [false, true]);
});

Deno.test("truce.schema.json names all that is read, and describes it", () => {
  const schema = JSON.parse(Deno.readTextFileSync(`${root}truce.schema.json`));
  const server = schema.definitions.server.properties;
  assertEquals(Object.keys(schema.properties).sort(), [...configFields].sort());
  assertEquals(Object.keys(server).sort(), [...serverFields].sort());
  const all: Record<string, { description?: string }> = { ...schema.properties, ...server };
  assertEquals(Object.keys(all).filter((name) => !all[name].description), []);
});
