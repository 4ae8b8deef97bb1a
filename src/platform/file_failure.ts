/** Says whether `error` is the file system's, not a bug of ours. */
export function isFileFailure(error: unknown): boolean {
  return error instanceof Error && ("code" in error || error.name in Deno.errors);
}

/** Says in a person's words why an operation on files failed. */
export function sayFileFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return failures[code] ?? error.message;
}

const failures: Record<string, string> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EACCES: "permission is denied",
  EPERM: "permission is denied",
  ENOLCK: "the file system has no locks",
  ENOTSUP: "the file system has no locks",
  ENOTDIR: "a part of the path is a file",
  EISDIR: "a folder is where a file belongs",
};
