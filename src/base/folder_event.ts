/** What became known of the folders that a session works in. Paths are as the host spelled them. */
export type FolderEvent =
  /** All of them: where the session works at that moment, and what was added to it until then. */
  | { readonly kind: "all"; readonly cwd: string; readonly added: readonly string[] }
  | { readonly kind: "added" | "removed"; readonly folder: string };
