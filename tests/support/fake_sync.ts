// A project in memory that is synced: what a plan writes is there for the next one.

import type { Content } from "../../src/sync/content.ts";
import type { Actual, Look } from "../../src/sync/look.ts";
import type { WantedFile } from "../../src/sync/model.ts";
import { bytesOf, textOf } from "../../src/sync/content.ts";
import { type Plan, planFor, type PlanOptions, type WantedBy } from "../../src/sync/plan.ts";
import type { SyncRecord } from "../../src/sync/record.ts";

/** A project in memory. Paths are absolute. */
export class FakeSync {
  readonly files = new Map<string, Content>();
  record: SyncRecord = { v: 1, root: "/p", scope: "project", files: {}, folders: [] };

  /** Gives a file a text. */
  write(path: string, text: string): void {
    this.files.set(path, { kind: "file", bytes: bytesOf(text) });
  }

  /** Makes a link. */
  link(path: string, to: string): void {
    this.files.set(path, { kind: "link", to });
  }

  /** Returns the text of a file, or `undefined`. */
  text(path: string): string | undefined {
    const content = this.files.get(path);
    return content?.kind === "file" ? textOf(content.bytes) : content?.kind === "link" ? `→ ${content.to}` : undefined;
  }

  /** Plans what one target wants, or several by name. */
  plan(wanted: readonly WantedFile[] | readonly WantedBy[], options?: PlanOptions): Promise<Plan> {
    const isByTarget = (one: WantedFile | WantedBy): one is WantedBy => "target" in one;
    const all = wanted.every(isByTarget) && wanted.length > 0
      ? wanted
      : [{ target: "t", files: wanted as readonly WantedFile[] }];
    return planFor(all, this.look, this.record, options);
  }

  /** Plans, does it, and says what became of each thing. */
  async sync(wanted: readonly WantedFile[] | readonly WantedBy[], options?: PlanOptions): Promise<string[]> {
    const plan = await this.plan(wanted, options);
    for (const { real, before, after } of plan.files) {
      if (before === after) continue;
      if (after.kind === "absent") this.files.delete(real);
      else this.files.set(real, after);
    }
    this.record = plan.record;
    return said(plan);
  }

  readonly look: Look = (path): Actual => {
    const content = this.files.get(path);
    if (content?.kind === "link") {
      const real = content.to.startsWith("/") ? content.to : `${path.slice(0, path.lastIndexOf("/"))}/${content.to}`;
      return { place: path, real, link: content.to, found: this.look(real).found };
    }
    if (content?.kind === "file") return { place: path, real: path, found: { ...content, kind: "file" } };
    if (content?.kind === "tree") {
      return { place: path, real: path, found: { kind: "folder", files: () => content.files } };
    }
    return { place: path, real: path, found: { kind: "absent" } };
  };
}

/** Says what becomes of each thing in a plan: `change /a of x.json`. */
export function said({ files }: Plan): string[] {
  return files.flatMap(({ changes }) =>
    changes.map(({ kind, path, part }) => {
      return `${kind} ${
        part.of === "key" ? `${part.pointer} of ` : part.of === "whole" ? "" : `${part.of} of `
      }${path}`;
    })
  );
}
