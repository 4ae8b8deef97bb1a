// What is installed for OpenCode: a plugin, which is one file of JavaScript.

import { editTools } from "./opencode.ts";
import {
  afterEditTimeoutS,
  editTimeoutS,
  eventTimeoutS,
  type HookCall,
  type HostSettings,
  truceOnPath,
} from "./registration.ts";

/** How truce is registered with OpenCode. */
export const opencodeSettings: HostSettings = {
  title: "OpenCode",
  program: "opencode",
  files: { user: "~/.config/opencode/plugins/truce.js", project: ".opencode/plugins/truce.js" },
  content: { kind: "file", text: pluginText },
};

/** Returns the files of OpenCode, by their path in the repository. */
export function opencodeFiles(): Record<string, string> {
  return { "hooks/opencode/truce.js": pluginText(truceOnPath) };
}

/**
 * What it relies on in OpenCode 1.18.33: every hook but `event` is waited for, and an error that one throws before a tool
 * is the tool's result. The tools of a turn run side by side. No hook is called when a tool fails or is interrupted, but
 * its part of the message becomes an error; one that is interrupted before it began is carried out all the same, unless a
 * hook throws. The title of a session is asked for under its id and before all else, so what the model is to read goes
 * into the prompt, not into `system.transform`.
 */
function pluginText({ truce }: HookCall): string {
  const quoted = [...editTools].map((tool) => JSON.stringify(tool)).join(", ");
  return String.raw`// Has truce keep OpenCode and other coding agents from overwriting each other's work.
// "truce install opencode" writes this file and "truce uninstall opencode" removes it. When truce is missing or does
// not answer as it should, OpenCode goes on as if this file were not here.

import { spawn } from "node:child_process";

const truce = ${JSON.stringify(truce)};
const edits = new Set([${quoted}]);
const sessionMoments = { "session.created": "session-start", "session.idle": "stop", "session.deleted": "session-end" };

/** How many seconds truce has to answer, more than it takes for itself. */
const seconds = { "before-tool": ${editTimeoutS}, "after-tool": ${afterEditTimeoutS}, other: ${eventTimeoutS} };
const replyMax = 1_000_000;

/** What was handled. OpenCode runs this file twice when it is installed both for the user and for the project. */
const handled = (globalThis[Symbol.for("truce")] ??= new WeakSet());

export function Truce({ directory }) {
  /** The edits that have begun, by the id of their call. */
  const begun = new Map();
  const subagents = new Set();
  /** What follows from events. OpenCode does not wait for it, so it is put in order here. */
  let events = Promise.resolve();

  function later(moment, about, args) {
    events = events.then(() => ask(moment, about, args)).catch(() => {});
  }

  /** Resolves to the reply of truce, or to nothing. Of the arguments of a tool only those with the names of files go. */
  function ask(moment, { tool, sessionID, callID }, { filePath, patchText } = {}) {
    const input = { tool, sessionID: shortId(sessionID), callID, args: { filePath, patchText } };
    const options = { cwd: directory, stdio: ["pipe", "pipe", "ignore"], windowsHide: true };
    const child = spawn(truce, ["hook", moment, "--format", "opencode"], options);
    if (moment === "before-tool") begun.get(callID).child = child;
    return new Promise((resolve) => {
      let reply = "";
      const end = () => {
        clearTimeout(timer);
        resolve(parsed(reply));
      };
      const giveUp = () => {
        child.kill("SIGKILL");
        end();
      };
      const timer = setTimeout(giveUp, 1000 * (seconds[moment] ?? seconds.other));
      child.stdout.setEncoding("utf8").on("data", (text) => reply = (reply + text).slice(0, replyMax));
      child.on("error", end).on("close", end);
      child.stdin.on("error", () => {}).end(JSON.stringify({ hook: moment, directory, input }));
    });
  }

  const reasonAgainst = safely(async (input, output) => {
    if (!edits.has(input.tool) || !isNew(output)) return;
    const { args } = output;
    begun.set(input.callID, { args });
    const reply = await ask("before-tool", input, args);
    // OpenCode would still carry it out.
    if (!begun.has(input.callID)) return "The edit was interrupted";
    if (reply?.deny) begun.delete(input.callID);
    return reply?.deny;
  });

  return {
    "tool.execute.before": async (input, output) => {
      const reason = await reasonAgainst(input, output);
      if (reason) throw new Error(reason);
    },
    "tool.execute.after": safely(async (input, output) => {
      if (!(edits.has(input.tool) || input.tool === "read") || !isNew(output)) return;
      begun.delete(input.callID);
      const reply = await ask("after-tool", input, input.args);
      if (reply?.tell) output.output += "\n\n" + reply.tell;
    }),
    "chat.message": safely(async (input, output) => {
      if (!isNew(output)) return;
      await events;
      const reply = await ask("prompt", input);
      const { id, messageID, sessionID } = output.parts.at(-1);
      const part = { id: id + "truce", messageID, sessionID, type: "text", synthetic: true, text: reply?.tell };
      if (part.text) output.parts.push(part);
    }),
    "event": safely(({ event: { type, properties } }) => {
      const { part, info, sessionID = info?.id } = properties;
      const edit = part?.state?.status === "error" && begun.get(part.callID);
      if (edit) {
        // It was interrupted if it is still waiting for its file.
        edit.child?.kill();
        begun.delete(part.callID);
        later("tool-failed", part, edit.args);
      }
      if (!Object.hasOwn(sessionMoments, type) || !isNew(properties)) return;
      if (info?.parentID) subagents.add(sessionID);
      const isSubagentStop = type === "session.idle" && subagents.has(sessionID);
      later(isSubagentStop ? "subagent-stop" : sessionMoments[type], { sessionID });
    }),
    // Has "truce lock acquire" in the shell speak for its session.
    "shell.env": safely(({ sessionID }, { env }) => {
      if (sessionID) env.OPENCODE_SESSION_ID = shortId(sessionID);
    }),
    "dispose": () => events,
  };
}

/** Returns the end of an id, which differs from session to session. Its beginning is the time. */
function shortId(id) {
  return id.slice(-14);
}

function isNew(object) {
  const wasHandled = handled.has(object);
  handled.add(object);
  return !wasHandled;
}

function parsed(reply) {
  try {
    return JSON.parse(reply);
  } catch {
    return undefined;
  }
}

/** Returns work that never fails. */
function safely(work) {
  return async (...about) => {
    try {
      return await work(...about);
    } catch {
      return undefined;
    }
  };
}
`;
}
