import type { FreezeTargetBody, MadeFreeze } from "../control/contract.ts";
import { CommandFailure, EXIT, type CommandSpec, type Context } from "./command.ts";
import { TARGETS, targetOf } from "./freeze-options.ts";
import { printFreezes } from "./freeze-print.ts";
import { readMoment } from "./moment.ts";
import { jsonLine, oneLine } from "./print.ts";

export const freeze: CommandSpec = {
  path: ["freeze"],
  summary:
    "stop calls at once: of everything, a server, a grant, an identity or tools; without a target, list freezes",
  options: [
    ...TARGETS,
    { flags: "--reason <text>", description: "why, for the record and for whoever lifts it" },
    {
      flags: "--until <when>",
      description: "when it ends by itself: RFC 3339 time, or a span from now such as 2h",
    },
  ],
  examples: [
    'tollgate freeze --all --reason "leaked token"',
    'tollgate freeze --server billing --until 2h --reason "migration"',
    'tollgate freeze --tool "delete_*" --server billing --reason "incident 12"',
    "tollgate freeze",
  ],
  run: async (context) => {
    const { given, ports, where } = context;
    const target = targetOf(given);
    if (target === undefined) {
      refuseWithoutTarget(context);
      await using freezes = await ports.freezes(where);
      await printFreezes(context, (await freezes.list()).freezes);
      return EXIT.done;
    }
    return make(context, target);
  },
};

/** Somebody who says why or until when means to freeze something, and must not take a list for it. */
const refuseWithoutTarget = ({ given }: Context): void => {
  if (given.text("reason") !== undefined || given.text("until") !== undefined || given.args.length > 0) {
    const targets = "--all, --server, --grant, --identity or --tool";
    throw new CommandFailure(`Nothing was frozen: name a target with ${targets}.`, EXIT.usage);
  }
};

const make = async (context: Context, target: FreezeTargetBody): Promise<number> => {
  const { given, ports, where } = context;
  // Who is in a hurry must not be stopped by a question.
  const reason = given.text("reason") ?? "no reason given";
  const until = given.text("until");
  await using freezes = await ports.freezes(where);
  const made = await freezes.freeze({
    target,
    reason,
    ...(until === undefined ? {} : { until: readMoment("--until", until, ports.clock.now(), "future") }),
  });
  await tell(context, made);
  return made.stored && made.recorded ? EXIT.done : EXIT.failed;
};

const tell = async ({ terminal, json }: Context, made: MadeFreeze): Promise<void> => {
  const { freeze: view, stored, recorded } = made;
  const until = view.until === null ? "" : ` until ${view.until}`;
  await terminal.out(
    json ? jsonLine(made) : `Frozen: ${oneLine(view.what)}${until}. Its id is ${view.id}.\n`,
  );
  if (view.tool !== null) {
    terminal.err("Names of tools are not checked: see that the pattern is what you mean.\n");
  }
  if (!stored) {
    terminal.err(
      "It could not be stored: it is in force while the gateway runs, and stored as soon as it can be.\n",
    );
  }
  if (!recorded) {
    terminal.err("It is in force. The record cannot be written now; the act is kept and recorded later.\n");
  }
};
