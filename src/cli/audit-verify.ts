import { EXIT, type CommandSpec } from "./command.ts";
import { readMoment } from "./moment.ts";
import { jsonLine, plural } from "./print.ts";
import { painter } from "./terminal.ts";

export const auditVerify: CommandSpec = {
  path: ["audit", "verify"],
  summary: "recompute the chain of the record and name the first line that is not as it was written",
  options: [
    { flags: "--from <when>", description: "only from this time on: RFC 3339, or a span back such as 7d" },
  ],
  examples: ["tollgate audit verify", "tollgate audit verify --from 7d --json"],
  run: async ({ given, ports, terminal, where, json }) => {
    const from = given.text("from");
    const start = from === undefined ? undefined : readMoment("--from", from, ports.clock.now(), "past");
    const verdict = await (await ports.audit(where)).verify(start);
    const { ok, lines, head, fault, partial } = verdict;
    if (json) {
      await terminal.out(jsonLine({ ok, lines, head, fault, partial }));
      return ok ? EXIT.done : EXIT.failed;
    }
    const paint = painter(terminal, "out");
    await terminal.out(
      fault === undefined
        ? `${paint("green", "sound")}: ${plural(lines, "line")}, head ${head}\n`
        : `${paint("red", fault.kind)}: ${fault.message}\n`,
    );
    if (partial) {
      await terminal.out(
        "The last line is half-written: the gateway writes just now, or was killed while writing.\n",
      );
    }
    return ok ? EXIT.done : EXIT.failed;
  },
};
