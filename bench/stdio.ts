import { ReadBuffer } from "@modelcontextprotocol/sdk/shared/stdio.js";
import { createLineFramer, decodeUtf8 } from "../src/wire/lines.ts";
import { readFrame } from "../src/wire/read-frame.ts";
import { readOptions } from "./options.ts";
import { decimals, machine, markdown, median } from "./table.ts";

const MIB = 1024 * 1024;
/** What a pipe gives at once. */
const PIECE_BYTES = 64 * 1024;

/** Takes a message in pieces. `framed` is called when all that comes is cut and only parsing is left. */
interface Reader {
  readonly name: string;
  readonly read: (pieces: readonly Buffer[], framed: () => void) => unknown;
}

interface Times {
  readonly framing: number[];
  readonly all: number[];
}

/** Frames and parses one long line with our framer and with the SDK's, in turns, on one thread. */
export const bench = async (args: readonly string[]): Promise<void> => {
  const options = readOptions(args, { mib: [1, 4, 16], rounds: [7] });
  const rows = options.mib.map((mib) => {
    const pieces = piecesOf(mib * MIB);
    const [ours, theirs] = measure(pieces, options.rounds[0] ?? 1);
    return [
      `${decimals(mib, 0)} MiB`,
      ...compared(ours?.framing, theirs?.framing),
      ...compared(ours?.all, theirs?.all),
    ];
  });
  const head = ["line", "framing: tollgate, ms", "SDK, ms", "SDK ÷ tollgate"].concat([
    "and parsing: tollgate, ms",
    "SDK, ms",
    "SDK ÷ tollgate",
  ]);
  console.log(markdown(head, rows));
  console.log(`
${machine()}. One thread, medians of ${String(options.rounds[0] ?? 1)} rounds in turns. One tools/call result with one text, in pieces of 64 KiB.
tollgate frames, checks UTF-8 and reads strictly (exact numbers, no duplicate names); the SDK's ReadBuffer frames,
parses with JSON.parse and checks the envelope. Its bound of 10 MiB is raised for this.`);
};

const compared = (ours: readonly number[] = [], theirs: readonly number[] = []): readonly string[] => [
  decimals(median(ours), 1),
  decimals(median(theirs), 1),
  decimals(median(theirs) / median(ours), 1),
];

/** A result of about so many bytes, as a server writes it: mostly text, some of it escaped. */
const piecesOf = (byteCount: number): readonly Buffer[] => {
  const text = 'A line of a file with "quotes" and größe.\n';
  const result = { content: [{ type: "text", text: text.repeat(Math.ceil(byteCount / 48)) }] };
  const line = Buffer.from(`${JSON.stringify({ jsonrpc: "2.0", id: 7, result })}\n`);
  const pieces: Buffer[] = [];
  for (let at = 0; at < line.length; at += PIECE_BYTES) {
    pieces.push(line.subarray(at, at + PIECE_BYTES));
  }
  return pieces;
};

const tollgate: Reader = {
  name: "tollgate",
  read: (pieces, framed) => {
    const framer = createLineFramer(64 * MIB);
    const [line] = pieces.flatMap((piece) => framer.push(piece));
    framed();
    const frame = line?.kind === "line" ? readFrame(decodeUtf8(line.bytes) ?? "") : undefined;
    return frame?.kind === "response" ? frame.id : undefined;
  },
};

const sdk: Reader = {
  name: "SDK",
  read: (pieces, framed) => {
    const buffer = new ReadBuffer({ maxBufferSize: 64 * MIB });
    let message: unknown = null;
    for (const [index, piece] of pieces.entries()) {
      buffer.append(piece);
      if (index === pieces.length - 1) {
        framed();
      }
      message = buffer.readMessage();
    }
    return typeof message === "object" && message !== null && "id" in message ? message.id : undefined;
  },
};

/** Milliseconds of each reader in each round. The first round warms up and does not count. */
const measure = (pieces: readonly Buffer[], rounds: number): readonly Times[] => {
  const readers = [tollgate, sdk];
  const times = readers.map((): Times => ({ framing: [], all: [] }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { name, read }] of readers.entries()) {
      const start = performance.now();
      let framedAt = start;
      const id = read(pieces, () => {
        framedAt = performance.now();
      });
      const end = performance.now();
      if (id !== 7) {
        throw new Error(`${name} did not read the message`);
      }
      if (round > 0) {
        times[index]?.framing.push(framedAt - start);
        times[index]?.all.push(end - start);
      }
    }
  }
  return times;
};
