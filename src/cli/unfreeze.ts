import { CommandFailure, EXIT, type CommandSpec } from "./command.ts";
import { TARGETS, targetOf } from "./freeze-options.ts";
import { jsonLine, oneLine } from "./print.ts";

export const unfreeze: CommandSpec = {
  path: ["unfreeze"],
  summary: "lift a freeze, by its id, or all freezes of a target",
  argument: { name: "[id]", description: "id of a freeze, as tollgate freeze lists it" },
  options: TARGETS,
  examples: ["tollgate unfreeze --server billing", "tollgate unfreeze --all", "tollgate unfreeze ID"],
  run: async ({ given, ports, where, terminal, json }) => {
    const target = targetOf(given);
    const [id] = given.args;
    if ((id === undefined) === (target === undefined)) {
      throw new CommandFailure("Name the id of a freeze, or its target.", EXIT.usage);
    }
    await using freezes = await ports.freezes(where);
    const result = await freezes.unfreeze(target === undefined ? { id: id ?? "" } : { target });
    if (json) {
      await terminal.out(jsonLine(result));
      return EXIT.done;
    }
    for (const { what, reason } of result.lifted) {
      await terminal.out(`Lifted: ${oneLine(what)} (${oneLine(reason)}).\n`);
    }
    const left = new Set(result.left.map(({ what }) => oneLine(what)));
    if (left.size > 0) {
      terminal.err(`Still frozen: ${[...left].join(", ")}.\n`);
    }
    return EXIT.done;
  },
};
