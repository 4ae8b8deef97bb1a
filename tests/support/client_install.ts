import { installPackage, type NpmPackage, whyNotRunnable } from "./npm_install.ts";

/** A real client that can be started, or the reason why it cannot be. */
export type Installed = { kind: "installed"; command: readonly string[] } | { kind: "missing"; reason: string };

/** Returns Claude Code as a native program; installs it into the cache first when it is not there. */
export function installClaude(): Promise<Installed> {
  const suffix = Deno.build.os === "windows" ? ".exe" : "";
  const program = `@anthropic-ai/claude-code-${nodePlatform()}/claude${suffix}`;
  return install({ name: "@anthropic-ai/claude-code", version: "2.1.329", program });
}

/** Returns Gemini CLI, which runs with node; installs it into the cache first when it is not there. */
export async function installGemini(): Promise<Installed> {
  const reason = await whyNotRunnable("node");
  if (reason !== undefined) return { kind: "missing", reason };
  const program = "@google/gemini-cli/bundle/gemini.js";
  return install({ name: "@google/gemini-cli", version: "0.61.0", program }, ["node"]);
}

/** Returns Codex as a native program; installs it into the cache first when it is not there. */
export function installCodex(): Promise<Installed> {
  const suffix = Deno.build.os === "windows" ? ".exe" : "";
  const target = Deno.build.target.replace("linux-gnu", "linux-musl");
  const program = `@openai/codex-${nodePlatform()}/vendor/${target}/bin/codex${suffix}`;
  return install({ name: "@openai/codex", version: "0.169.0", program });
}

/** Returns Copilot CLI as a native program; installs it into the cache first when it is not there. */
export function installCopilot(): Promise<Installed> {
  const suffix = Deno.build.os === "windows" ? ".exe" : "";
  const program = `@github/copilot-${nodePlatform()}/copilot${suffix}`;
  return install({ name: "@github/copilot", version: "1.0.102", program });
}

/** Returns OpenCode as a native program; installs it into the cache first when it is not there. */
export function installOpencode(): Promise<Installed> {
  const suffix = Deno.build.os === "windows" ? ".exe" : "";
  const program = `opencode-${Deno.build.os}-${nodePlatform().split("-")[1]}/bin/opencode${suffix}`;
  return install({ name: "opencode-ai", version: "1.18.33", program });
}

async function install(wanted: NpmPackage, runtime: readonly string[] = []): Promise<Installed> {
  const installed = await installPackage(wanted);
  return installed.kind === "missing" ? installed : { kind: "installed", command: [...runtime, installed.program] };
}

/** Returns the platform in the words of node, such as `linux-x64`. */
function nodePlatform(): string {
  const os = Deno.build.os === "windows" ? "win32" : Deno.build.os;
  return `${os}-${Deno.build.arch === "aarch64" ? "arm64" : "x64"}`;
}
