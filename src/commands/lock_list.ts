import { listLeases } from "../locks/listing.ts";
import { type Command, commonFlags } from "./command.ts";
import { leaseJson, leaseTable } from "./lock_report.ts";
import { openLocks } from "./lock_use.ts";

/** `truce lock list`: who has what, and how many wait for it. */
export const command: Command = {
  usage: "[--json]",
  flags: commonFlags,
  isHookUse: () => false,
  run(context) {
    const leases = listLeases(openLocks(context));
    const json = { leases: leases.map(leaseJson) };
    return Promise.resolve({ kind: "report", text: leaseTable(context, leases), json, exitCode: 0 });
  },
};
