/** A process that cannot be mistaken for a later one: its number, when it started, and the name space that counts. */
export interface ProcessId {
  readonly pid: number;
  /** Opaque; equal for the same process alone. */
  readonly started: string;
  /** Opaque; a number of another name space (a container's) says nothing here. */
  readonly space: string;
}

/** What is known of the processes of this machine. */
export interface Processes {
  /** This process. */
  self(): ProcessId;
  /** Says whether `process` runs. One of another name space counts as running: nobody here can tell. */
  isLive(process: ProcessId): boolean;
}
