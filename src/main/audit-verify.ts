import { statSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { GENESIS } from "../audit/chain.ts";
import type { JournalLine, JournalPosition } from "../audit/port.ts";
import { HeadsCheck, type HeadsVerdict } from "../audit/verify-heads.ts";
import { Verifier, type Fault, type Verdict } from "../audit/verify.ts";
import { readAuditLine } from "../cli/audit-line.ts";
import type { AuditVerdict, VerifyOptions } from "../cli/ports-audit.ts";
import type { Where } from "../cli/ports.ts";
import { JournalReader } from "../store/journal/reader.ts";
import { segmentFile, segmentsIn } from "../store/journal/segments.ts";
import { placesIn } from "../store/open.ts";
import { droppedText, proofsFor, type Proofs } from "./audit-proofs.ts";
import type { From } from "./ports.ts";

const BATCH_LINES = 1_000;
const TRIES = 3;

/** Recomputes the chain of a data directory and holds it against every signed statement there is. */
export const verifyAudit = async (
  from: From,
  where: Where,
  data: string,
  options: VerifyOptions,
): Promise<AuditVerdict> => {
  const { journal } = placesIn(data);
  for (let attempt = 1; ; attempt += 1) {
    const before = droppedText(data);
    const proofs = proofsFor(from, where, data, options);
    const verdict = await verifyOnce(journal, proofs, options);
    // Retention may have dropped a segment while it was to be read.
    if (verdict.ok || attempt === TRIES || droppedText(data) === before) {
      return verdict;
    }
  }
};

const verifyOnce = async (journal: string, proofs: Proofs, options: VerifyOptions): Promise<AuditVerdict> => {
  const { dropped } = proofs;
  const numbers = segmentsIn(journal).filter((number) => number > (dropped?.through ?? 0));
  const first = numbers[0] ?? (dropped?.through ?? 0) + 1;
  const trusting = options.from !== undefined || proofs.droppedProblem !== undefined;
  const verifier = new Verifier(trusting ? null : (dropped?.head ?? GENESIS));
  const heads = new HeadsCheck(proofs.heads);
  const place = { segment: first, offset: 0 };
  heads.begin(dropped === undefined ? { segment: 0, offset: 0 } : place);
  const chain = await read(journal, place, { verifier, heads, options, numbers });
  const held = heads.end(verifier);
  const fault = firstOf(beginning(proofs, first, chain.fault, options), heads.fault, proofs.problem);
  return verdictOf(chain, held, fault, proofs);
};

interface Reading {
  readonly verifier: Verifier;
  readonly heads: HeadsCheck;
  readonly options: VerifyOptions;
  readonly numbers: readonly number[];
}

const read = async (journal: string, place: JournalPosition, reading: Reading): Promise<Verdict> => {
  const { verifier, heads, options, numbers } = reading;
  using reader = new JournalReader(journal, place);
  const bytesBefore = bytesIn(journal, numbers);
  let begun = options.from === undefined;
  for (let lines = reader.next(BATCH_LINES); lines.length > 0; lines = reader.next(BATCH_LINES)) {
    begun = take(lines, begun, reading);
    const { segment, offset } = reader.position;
    options.onProgress?.((bytesBefore.get(segment) ?? 0) + offset, bytesBefore.get(Infinity) ?? 0);
    await nextTurn();
  }
  if (!begun) {
    heads.begin(reader.position);
  }
  return verifier.end(reader.rest());
};

/** Begins with the first record at `from` or later; its word is taken for what is before it. */
const take = (
  lines: readonly JournalLine[],
  already: boolean,
  { verifier, heads, options }: Reading,
): boolean => {
  let begun = already;
  for (const { text, position, next } of lines) {
    if (!begun && isAtOrAfter(text, options.from ?? 0)) {
      begun = true;
      heads.begin(position);
    }
    if (begun) {
      verifier.line(text, position);
      heads.at(next, verifier);
    }
  }
  return begun;
};

/** Bytes of all segments before each, and under Infinity those of all. */
const bytesIn = (journal: string, numbers: readonly number[]): ReadonlyMap<number, number> => {
  const before = new Map<number, number>();
  let sum = 0;
  for (const number of numbers) {
    before.set(number, sum);
    sum += statSync(segmentFile(journal, number), { throwIfNoEntry: false })?.size ?? 0;
  }
  return before.set(Infinity, sum);
};

/** Of lines that cannot be read nobody knows when they were written, so they are verified. */
const isAtOrAfter = (text: string | undefined, from: number): boolean => {
  const line = readAuditLine(text);
  return line === undefined || line.at >= from;
};

/** What is wrong with the record's beginning, or else with what follows. */
const beginning = (
  { dropped, droppedProblem }: Proofs,
  first: number,
  fault: Fault | undefined,
  { from }: VerifyOptions,
): Fault | undefined => {
  if (droppedProblem !== undefined) {
    const kind = first === 1 ? "changed" : "removed";
    return { kind, line: 0, id: undefined, after: undefined, position: undefined, message: droppedProblem };
  }
  const isLost = dropped === undefined && first > 1 && from === undefined;
  return isLost && fault?.kind === "removed" && fault.line === 1
    ? {
        ...fault,
        message: `What was before the record ${fault.id ?? "of line 1"} was removed, and nothing signed stands for it.`,
      }
    : fault;
};

type Found = NonNullable<AuditVerdict["fault"]>;

/** The one that is further up; of two at one line the chain's, which says more. */
const firstOf = (
  chain: Fault | undefined,
  heads: Fault | undefined,
  problem: string | undefined,
): Found | undefined => {
  if (chain !== undefined && (heads === undefined || chain.line <= heads.line)) {
    return chain;
  }
  return heads ?? (problem === undefined ? undefined : { kind: "head", id: undefined, message: problem });
};

const verdictOf = (
  { lines, head, partial }: Verdict,
  { checked, before, newest, behind }: HeadsVerdict,
  fault: Found | undefined,
  { dropped, notes }: Proofs,
): AuditVerdict => ({
  ok: fault === undefined,
  lines,
  head,
  fault: fault === undefined ? undefined : { kind: fault.kind, id: fault.id, message: fault.message },
  partial,
  heads: { checked, before, newest, behind },
  dropped: dropped === undefined ? undefined : { lines: dropped.lines, until: dropped.until },
  notes,
});
