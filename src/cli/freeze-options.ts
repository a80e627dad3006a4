import type { FreezeTargetBody } from "../control/contract.ts";
import { CommandFailure, EXIT, type Given, type OptionSpec } from "./command.ts";

/** What `freeze` and `unfreeze` are about. */
export const TARGETS: readonly OptionSpec[] = [
  { flags: "--all", description: "everything" },
  { flags: "--server <name>", description: "a server" },
  { flags: "--grant <name>", description: "a grant" },
  { flags: "--identity <name>", description: "all grants of an identity" },
  {
    flags: "--tool <pattern>",
    description: "tools, by a pattern such as delete_*; with --server those of one server",
  },
];

/** The target that the options name; `undefined` where they name none. */
export const targetOf = (given: Given): FreezeTargetBody | undefined => {
  const [server, grant, identity, tool] = ["server", "grant", "identity", "tool"].map((name) =>
    given.text(name),
  );
  const all = given.flag("all") ? (true as const) : undefined;
  const told = [all, tool ?? server, grant, identity].filter((each) => each !== undefined).length;
  if (told > 1) {
    throw new CommandFailure("Name one target. Only --tool may have --server beside it.", EXIT.usage);
  }
  return told === 0
    ? undefined
    : {
        ...(all === undefined ? {} : { all }),
        ...(server === undefined ? {} : { server }),
        ...(grant === undefined ? {} : { grant }),
        ...(identity === undefined ? {} : { identity }),
        ...(tool === undefined ? {} : { tool }),
      };
};
