import { TruceError } from "../base/error.ts";

/** Systems take 104 to 108 bytes for the path of a socket. */
const socketBytesMax = 100;

/** Where the daemon of a state folder is. */
export interface Places {
  /** Only this user may enter it, so that nobody else reaches what is in it. */
  readonly folder: string;
  /** Flock'd by the daemon for all its life; holds the number of its process. */
  readonly lock: string;
  /** Where hooks and people ask. */
  readonly socket: string;
  /** Where requests from the loopback interface come in. */
  readonly relay: string;
  readonly token: string;
}

/** Returns the places below `stateFolder`. Throws a TruceError when no socket can have such a path. */
export function placesIn(stateFolder: string): Places {
  const folder = `${stateFolder}/serve`;
  const socket = `${folder}/socket`;
  const bytes = new TextEncoder().encode(socket).length;
  if (bytes > socketBytesMax) {
    throw new TruceError("unavailable", `Cannot use the socket "${socket}": its path has ${bytes} bytes`, {
      hint: `Set TRUCE_STATE_DIR to a folder whose path is at least ${bytes - socketBytesMax} bytes shorter`,
    });
  }
  return { folder, lock: `${folder}/lock`, socket, relay: `${folder}/relay`, token: `${folder}/token` };
}
