// What permissions say to Copilot CLI 1.0.102. In its settings only denials can be said, and not those of tools.

import type { Permission, Source, TargetContext } from "../../model.ts";
import { type ItemPart, made, type Part } from "../parts.ts";
import { neverMatched, serversLike } from "../permission_parts.ts";
import { approximated, exact, itemsOf, type Outcome, privately, refused } from "../shared.ts";
import { switchedOff } from "./servers.ts";

/** A host, or all below one. */
const hostPattern = /^(?:\*\.)?[^*]+$/;

/** Returns the denials that the settings can hold, and what becomes of each permission. */
export function permissionsPart(source: Source, context: TargetContext): Part {
  return made("copilot", itemsOf(source, context, "permission"), (item) => {
    const problem = privately(item) ?? outcomeOfOthers(item);
    return problem === undefined ? denialOf(item, source, context) : { outcome: problem };
  });
}

function outcomeOfOthers({ action, match }: Permission): Outcome | undefined {
  if (match.tool === "never") return neverMatched;
  if (action === "allow") return approximated("Copilot goes by its own approvals");
  return action === "ask" ? refused("Copilot asks by its own approvals, which no setting makes stricter") : undefined;
}

function denialOf({ match }: Permission, source: Source, { scope }: TargetContext): ItemPart {
  const isUser = scope === "user";
  if (match.tool === "mcp") {
    const names = new Set([...serversLike(match.server, source.items), match.server]);
    const entries = [...names].filter((one) => !one.includes("*")).map(switchedOff);
    if (entries.length === 0) {
      return { outcome: refused("Copilot switches off servers by their names, and none here is like it") };
    }
    return { entries, outcome: match.name === undefined ? exact : approximated("the whole server is switched off") };
  }
  if (isUser && match.tool === "WebFetch" && hostPattern.test(match.pattern)) {
    const entries = ["https", "http"].map((scheme) => ({
      pointer: "/deniedUrls/-",
      value: `${scheme}://${match.pattern}`,
    }));
    return { entries, outcome: approximated("commands of the shell that name it are denied, too") };
  }
  if (isUser && match.tool === "other" && match.name === "Skill" && match.specifier !== undefined) {
    return { entries: [{ pointer: "/disabledSkills/-", value: match.specifier }], outcome: exact };
  }
  return { outcome: refused("Copilot takes it from --deny-tool on its command line alone") };
}
