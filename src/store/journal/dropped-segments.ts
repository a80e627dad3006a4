import { createPublicKey, type KeyObject } from "node:crypto";
import { open, rename, rm, unlink } from "node:fs/promises";
import { join } from "node:path";
import { GENESIS } from "../../audit/chain.ts";
import { type Dropped, DROPPED_FILE, droppedLine, readDropped } from "../../audit/dropped.ts";
import { type JsonObject, member } from "../../base/json-value.ts";
import { droppedText } from "./first.ts";
import { parseOwn } from "./parse.ts";
import { JournalReader } from "./reader.ts";
import { JournalDamaged, segmentFile, segmentName, segmentsIn } from "./segments.ts";
import { syncPath } from "./sync.ts";

/** Segments that retention dropped, and the signed statement that stands for them. */
export class DroppedSegments {
  readonly #directory: string;
  readonly #key: KeyObject;
  #dropped: Dropped | undefined;

  /**
   * @throws JournalDamaged where segments are missing and nothing that is believed stands for them: what they took from
   * limits is not known then
   */
  constructor(directory: string, key: KeyObject) {
    this.#directory = directory;
    this.#key = key;
    this.#dropped = read(directory, key);
    checkFirst(directory, this);
  }

  /** The last segment that is gone. Files of it or of one before it may still be there, and are no part of the journal. */
  get through(): number {
    return this.#dropped?.through ?? 0;
  }

  get lines(): number {
    return this.#dropped?.lines ?? 0;
  }

  /** `prev` of the first line that is left. */
  get head(): string {
    return this.#dropped?.head ?? GENESIS;
  }

  get until(): string {
    return this.#dropped?.until ?? "";
  }

  /** What they took from counters, as lines that are read like records. */
  get carried(): readonly JsonObject[] {
    return this.#dropped?.carried ?? [];
  }

  /** Numbers of files that are yet to be deleted. */
  leftover(): readonly number[] {
    return segmentsIn(this.#directory).filter((segment) => segment <= this.through);
  }

  /** Puts another statement in force, once it is on stable storage. */
  async put(dropped: Dropped): Promise<void> {
    const path = join(this.#directory, DROPPED_FILE);
    const draft = `${path}.new`;
    await rm(draft, { force: true });
    {
      await using file = await open(draft, "wx", 0o600);
      await file.writeFile(`${droppedLine(dropped, this.#key)}\n`);
      await file.sync();
    }
    await rename(draft, path);
    this.#dropped = dropped;
    await syncPath(this.#directory);
  }

  /** Oldest first: where one is there, all that follow it are. */
  async deleteLeftover(): Promise<void> {
    for (const segment of this.leftover()) {
      await unlink(segmentFile(this.#directory, segment));
    }
    await syncPath(this.#directory);
  }
}

const read = (directory: string, key: KeyObject): Dropped | undefined => {
  const text = droppedText(directory);
  if (text === undefined) {
    return undefined;
  }
  const said = readDropped(text, createPublicKey(key));
  if (!said.ok) {
    throw new JournalDamaged(
      `The statement on dropped records, ${DROPPED_FILE} in the journal's directory, ${said.problem}. Limits cannot ` +
        "be told without it: restore it, and the key that signed it, from a backup.",
    );
  }
  return said.dropped;
};

/** The first segment that is left is the one behind those that are gone, and its first line goes on from them. */
const checkFirst = (
  directory: string,
  { through, head }: Pick<DroppedSegments, "through" | "head">,
): void => {
  const first = segmentsIn(directory).find((segment) => segment > through);
  if (first === undefined && through === 0) {
    return;
  }
  if (first !== through + 1) {
    throw new JournalDamaged(
      `The journal's segment ${segmentName(through + 1)} is missing, and nothing stands for it: what its records took ` +
        "from limits is not known. Restore it from a backup, or move the whole journal and heads.jsonl away to begin a new one.",
    );
  }
  using reader = new JournalReader(directory, { segment: first, offset: 0 });
  const text = reader.next(1)[0]?.text;
  const prev = text === undefined ? undefined : parseOwn(text);
  if (through > 0 && (prev === undefined || member(prev, "prev") !== head)) {
    throw new JournalDamaged(
      `The first record of ${segmentName(first)} does not go on from the records that were dropped. ` +
        "Run: tollgate audit verify",
    );
  }
};
