import { resolve } from "node:path";
import { checkLine } from "../audit/chain.ts";
import type { JournalPosition } from "../audit/port.ts";
import type { AuditReader, ByteProgress } from "../cli/ports-audit.ts";
import type { Where } from "../cli/ports.ts";
import { extentOf } from "../store/journal/extent.ts";
import { followLines, readLines } from "../store/journal/read.ts";
import { JournalReader } from "../store/journal/reader.ts";
import { placesIn } from "../store/open.ts";
import { verifyAudit } from "./audit-verify.ts";
import { dataDirectory } from "./configuration.ts";
import { requireRecord } from "./require-record.ts";
import { followerOf } from "./audit-follower.ts";
import type { From } from "./ports.ts";

const BATCH_LINES = 1_000;

/** The record of a data directory. Reads the journal itself, so that it works beside a gateway that writes. */
export const openAudit = (from: From, where: Where): AuditReader => {
  const data = dataDirectory(from.terminal.cwd, where);
  const { journal } = placesIn(data);
  requireRecord(data, journal);
  let next: JournalPosition | undefined;
  const texts = function* texts(update: ByteProgress | undefined): Generator<string | undefined> {
    const { totalBytes, bytesBefore } = extentOf(journal);
    let count = 0;
    for (const line of readLines(journal)) {
      next = line.next;
      count += 1;
      if (count % BATCH_LINES === 0) {
        update?.(bytesBefore(next), totalBytes);
      }
      yield line.text;
    }
  };
  return {
    lines: texts,
    at: (position) => {
      using reader = new JournalReader(journal, position);
      const [line] = reader.next(1);
      return line?.position.segment === position.segment ? line : undefined;
    },
    problemOf: (text) => {
      const checked = checkLine(text);
      return checked.ok ? undefined : checked.problem;
    },
    resume: (file, skipGap) => followerOf(journal, resolve(from.terminal.cwd, file), skipGap),
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
