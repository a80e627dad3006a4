import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";

/** A place in the journal: before the line that starts there. */
export interface Position {
  /** Number of the segment, from 1. */
  readonly segment: number;
  /** Bytes from its start. */
  readonly offset: number;
}

export const START: Position = { segment: 1, offset: 0 };

const NAME = /^(\d{8})\.jsonl$/u;
const CHUNK_BYTES = 1024 * 1024;
const LF = 0x0a;

export const segmentFile = (directory: string, segment: number): string =>
  join(directory, `${String(segment).padStart(8, "0")}.jsonl`);

/** Numbers of the segments there are, in order. */
export const segmentsIn = (directory: string): readonly number[] =>
  existsSync(directory)
    ? readdirSync(directory)
        .flatMap((name) => NAME.exec(name)?.[1] ?? [])
        .map(Number)
        .sort((a, b) => a - b)
    : [];

/** A whole line of the journal and where the next one starts. */
export interface PlacedLine {
  readonly text: string;
  readonly segment: number;
  /** Line number in its segment, from 1 where reading began at its start. */
  readonly number: number;
  readonly next: Position;
}

/** Bytes after the last line end of the last segment: a line that was being written when the process died. */
export interface HalfLine {
  readonly segment: number;
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Whole lines from a place on, to what is there now. What follows the last line end is not a line yet and is left
 * alone; `onHalf` is told of it where it is at the end of a segment that has been read to its end.
 */
export const readLines = function* readLines(
  directory: string,
  from: Position = START,
  onHalf: (half: HalfLine) => void = () => {},
): Generator<PlacedLine> {
  for (const segment of segmentsIn(directory)) {
    if (segment >= from.segment) {
      yield* readSegment(directory, segment, segment === from.segment ? from.offset : 0, onHalf);
    }
  }
};

const readSegment = function* readSegment(
  directory: string,
  segment: number,
  from: number,
  onHalf: (half: HalfLine) => void,
): Generator<PlacedLine> {
  const file = openSync(segmentFile(directory, segment), "r");
  try {
    const end = fstatSync(file).size;
    let rest = Buffer.alloc(0);
    let offset = from;
    let number = 0;
    for (let position = from; position < end;) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - position));
      const read = readSync(file, chunk, 0, chunk.length, position);
      if (read === 0) {
        break;
      }
      position += read;
      const bytes =
        rest.length === 0 ? chunk.subarray(0, read) : Buffer.concat([rest, chunk.subarray(0, read)]);
      let start = 0;
      for (let lf = bytes.indexOf(LF); lf !== -1; lf = bytes.indexOf(LF, start)) {
        number += 1;
        offset += lf + 1 - start;
        yield { text: bytes.toString("utf8", start, lf), segment, number, next: { segment, offset } };
        start = lf + 1;
      }
      rest = bytes.subarray(start);
    }
    if (rest.length > 0) {
      onHalf({ segment, offset, bytes: rest.length });
    }
  } finally {
    closeSync(file);
  }
};
