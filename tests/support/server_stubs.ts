// MCP servers that only write down how they were started or asked: what a client really sends.

import { writeFile } from "./client_project.ts";

/** What a server over HTTP was asked with. */
export interface HttpStub extends AsyncDisposable {
  readonly url: string;
  /** The headers of each request. */
  readonly asked: readonly Headers[];
}

/** Starts a server over HTTP that knows nothing. */
export function startHttpStub(): HttpStub {
  const asked: Headers[] = [];
  const stop = new AbortController();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, signal: stop.signal, onListen: () => {} }, (request) => {
    asked.push(request.headers);
    return new Response("nothing here", { status: 404 });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/mcp`,
    asked,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.finished;
    },
  };
}

/** Writes a program that notes its arguments and variables in `note` and ends; returns its path. */
export function writeStdioStub(folder: string, note: string): string {
  const path = `${folder}/stub.sh`;
  writeFile(
    path,
    `#!/bin/sh\n{ for one in "$@"; do echo "arg $one"; done; env; } > '${note}.part'\nmv '${note}.part' '${note}'\n`,
  );
  Deno.chmodSync(path, 0o755);
  return path;
}
