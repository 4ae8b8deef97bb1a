// deno task hooks: writes what a user installs for each host. A test compares it with what is in the repository.

import { hosts } from "../src/hosts/table.ts";

/** Returns the text of every generated file, by its path in the repository. */
export async function hookFiles(version: string): Promise<Record<string, string>> {
  const files = await Promise.all(hosts.map((host) => host.files(version)));
  const all = files.flatMap((one) => Object.entries(one));
  return Object.fromEntries(
    all.map(([path, value]) => [path, typeof value === "string" ? value : `${JSON.stringify(value, null, 2)}\n`]),
  );
}

if (import.meta.main) {
  const root = new URL("..", import.meta.url).pathname;
  const { version } = JSON.parse(Deno.readTextFileSync(`${root}deno.json`));
  for (const [path, text] of Object.entries(await hookFiles(version))) {
    Deno.mkdirSync(`${root}${path.slice(0, path.lastIndexOf("/"))}`, { recursive: true });
    Deno.writeTextFileSync(`${root}${path}`, text);
    console.log(`wrote ${path}`);
  }
}
