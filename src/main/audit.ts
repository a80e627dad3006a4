import { existsSync } from "node:fs";
import type { JournalLine, JournalPosition } from "../audit/port.ts";
import { CommandFailure } from "../cli/command.ts";
import type { AuditReader, Where } from "../cli/ports.ts";
import { followLines, readLines } from "../store/journal/read.ts";
import { placesIn } from "../store/open.ts";
import { verifyAudit } from "./audit-verify.ts";
import { dataDirectory } from "./configuration.ts";
import type { From } from "./ports.ts";

/** The record of a data directory. Reads the journal itself, so that it works beside a gateway that writes. */
export const openAudit = (from: From, where: Where): AuditReader => {
  const data = dataDirectory(from.terminal.cwd, where);
  const { journal } = placesIn(data);
  if (!existsSync(journal)) {
    throw new CommandFailure(`There is no record in ${data}. Choose the data directory with --data.`);
  }
  let next: JournalPosition | undefined;
  const texts = function* texts(lines: Iterable<JournalLine>): Generator<string | undefined> {
    for (const line of lines) {
      next = line.next;
      yield line.text;
    }
  };
  return {
    lines: () => texts(readLines(journal)),
    follow: async function* follow(signal) {
      for await (const { text } of followLines(journal, {
        signal,
        ...(next === undefined ? {} : { from: next }),
      })) {
        yield text;
      }
    },
    verify: (options) => verifyAudit(from, where, data, options),
  };
};
