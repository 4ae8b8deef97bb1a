/** A folder that is removed when it goes out of scope (`using`). */
export interface TemporaryFolder extends Disposable {
  /** Absolute path without symbolic links, as clients report it. */
  readonly path: string;
}

/** Makes an empty folder that serves a client as HOME. */
export function makeHome(): TemporaryFolder {
  return temporaryFolder("truce-home-");
}

/** Makes a git project that holds `files` (path to content), all of them committed. */
export function makeProject(files: Record<string, string | Uint8Array>): TemporaryFolder {
  const project = temporaryFolder("truce-project-");
  for (const [name, content] of Object.entries(files)) writeFile(`${project.path}/${name}`, content);
  git(project.path, ["init", "--quiet", "--initial-branch=main"]);
  git(project.path, ["add", "--all"]);
  git(project.path, ["commit", "--quiet", "--allow-empty", "--message=start"]);
  return project;
}

/** Writes a file and the folders above it. */
export function writeFile(path: string, content: string | Uint8Array): void {
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  if (typeof content === "string") Deno.writeTextFileSync(path, content);
  else Deno.writeFileSync(path, content);
}

function temporaryFolder(prefix: string): TemporaryFolder {
  const path = Deno.realPathSync(Deno.makeTempDirSync({ prefix }));
  return { path, [Symbol.dispose]: () => removeTree(path) };
}

const removalsMax = 20;

/** Writes the configuration of a user who wants no findings into `home`. */
export function silenceFindings(home: string): void {
  writeFile(`${home}/.config/truce/truce.jsonc`, `{ "notify": false }\n`);
}

/** A process that was killed may still write here: what appeared meanwhile is removed in another round. */
export function removeTree(path: string): void {
  for (let round = 1;; round++) {
    try {
      return Deno.removeSync(path, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      if (round === removalsMax) throw error;
    }
  }
}

function git(folder: string, args: string[]): void {
  const { success, stderr } = new Deno.Command("git", {
    args,
    cwd: folder,
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: folder,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_AUTHOR_NAME: "test",
      GIT_AUTHOR_EMAIL: "test@example.invalid",
      GIT_COMMITTER_NAME: "test",
      GIT_COMMITTER_EMAIL: "test@example.invalid",
    },
  }).outputSync();
  if (!success) throw new Error(`Cannot git ${args[0]} in "${folder}": ${new TextDecoder().decode(stderr)}`);
}
