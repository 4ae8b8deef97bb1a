// A home, a project and a state of a test's own, in which hooks are installed without a command around it.

import { hostNamed } from "../../src/hosts/table.ts";
import type { SettingsScope } from "../../src/hosts/registration.ts";
import { carryOut } from "../../src/install/carry_out.ts";
import { planInstall, planUninstall, recordFor, type Subject } from "../../src/install/plan.ts";
import { recordOf } from "../../src/install/record.ts";

/** Where hooks are installed; gone after the test (`using`). */
export class Scene implements Disposable {
  readonly root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "truce-install-" }));
  readonly home = `${this.root}/home`;
  readonly project = `${this.root}/project`;
  readonly state = `${this.root}/state`;
  call = { truce: "truce" };

  constructor() {
    for (const folder of [this.home, this.project]) Deno.mkdirSync(folder);
  }

  /** Returns a host's registration in a scope, and its file. */
  async subject(name: string, scope: SettingsScope = "project"): Promise<Subject & { readonly path: string }> {
    const host = hostNamed(name);
    if (host === undefined) throw new Error(`there is no host ${name}`);
    const settings = await host.settings();
    const file = settings.files[scope] ?? "";
    const path = file.startsWith("~/") ? `${this.home}/${file.slice(2)}` : `${this.project}/${file}`;
    return { host, settings, scope, place: { home: this.home, project: this.project }, path };
  }

  /** Installs all or none; says whether anything was written. */
  async install(subjects: readonly Subject[], { isHttp = false } = {}): Promise<boolean> {
    const plans = subjects.map((subject) => planInstall(subject, { call: this.call, isHttp }));
    await carryOut(this.state, plans, recordFor);
    return plans.some(({ file, after }) => file.text !== after);
  }

  /** Removes what was installed. */
  async uninstall(subjects: readonly Subject[]): Promise<void> {
    const known = (path: string) => recordOf(this.state, path);
    await carryOut(this.state, await Promise.all(subjects.map((subject) => planUninstall(subject, known))));
  }

  /** Forgets all that is known of what was there before. */
  forget(): void {
    Deno.removeSync(`${this.state}/install`, { recursive: true });
  }

  /** Returns every file of the home and the project with its bytes as text, every folder, and every link. */
  tree(folder = ""): Record<string, string> {
    const at = `${this.root}${folder}`;
    const entries = Array.from(Deno.readDirSync(at)).filter(({ name }) => `${at}/${name}` !== this.state);
    return Object.assign(
      {},
      ...entries.map(({ name, isDirectory, isSymlink }) => {
        const path = `${folder}/${name}`;
        if (isDirectory) return { [`${path}/`]: "", ...this.tree(path) };
        return {
          [path]: isSymlink ? `-> ${Deno.readLinkSync(this.root + path)}` : latin(Deno.readFileSync(this.root + path)),
        };
      }),
    );
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
  }
}

/** Writes a file and the folders above it. */
export function put(path: string, text: string | Uint8Array): void {
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  Deno.writeFileSync(path, typeof text === "string" ? new TextEncoder().encode(text) : text);
}

/** Returns the bytes of a file as text, one letter each. */
export function bytesAt(path: string): string {
  return latin(Deno.readFileSync(path));
}

function latin(bytes: Uint8Array<ArrayBuffer>): string {
  return new TextDecoder("latin1").decode(bytes);
}
