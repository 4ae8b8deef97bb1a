import { clientTest, type Need } from "./clients.ts";
import { truceProgram } from "./program.ts";
import { serverPath } from "./server_install.ts";

/** The folder of the truce that is tested, for a PATH. */
export const truceFolder = truceProgram.slice(0, truceProgram.lastIndexOf("/"));

/**
 * Registers a test with real clients and the real language server for TypeScript: both that and truce are on the PATH
 * that it gets. Where something cannot be had the test is ignored, and its name says why.
 */
export async function checkedClientTest(
  needed: Need | readonly Need[],
  name: string,
  run: (searchPath: string) => Promise<void>,
): Promise<void> {
  let searchPath: string;
  try {
    searchPath = await serverPath(["typescript"]);
  } catch (error) {
    Deno.test.ignore(`${name} (ignored: ${error instanceof Error ? error.message : error})`, () => {});
    return;
  }
  await clientTest(needed, name, () => run(`${truceFolder}:${searchPath}`));
}
