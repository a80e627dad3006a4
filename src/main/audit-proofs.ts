import { createPublicKey, type KeyObject } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { DROPPED_FILE, readDropped, type Dropped } from "../audit/dropped.ts";
import { HEADS_FILE, readHeads, type Head } from "../audit/heads.ts";
import { CommandFailure } from "../cli/command.ts";
import type { VerifyOptions } from "../cli/ports-audit.ts";
import type { Where } from "../cli/ports.ts";
import { publicKeyFile } from "../store/data-dir.ts";
import { codeOf } from "../store/journal/segments.ts";
import { placesIn } from "../store/open.ts";
import { configurationAt } from "./configuration.ts";
import type { From } from "./ports.ts";

/** The signed statements that a record is held against. */
export interface Proofs {
  /** Each once, in no order. */
  readonly heads: readonly Head[];
  /** What stands for segments that retention dropped. */
  readonly dropped: Dropped | undefined;
  /** One sentence on the first statement that is not believed. */
  readonly problem: string | undefined;
  /** The same, of what stands for dropped segments. */
  readonly droppedProblem: string | undefined;
  /** What was not looked at, for people. */
  readonly notes: readonly string[];
}

/** Reads them before the journal is read: a gateway that writes meanwhile only gets further than they say. */
export const proofsFor = (from: From, where: Where, data: string, options: VerifyOptions): Proofs => {
  const notes: string[] = [];
  const key = publicKeyFor(from, data, options);
  const files = [...given(from, options), ...own(data), ...second(from, where, notes)];
  const heads = new Map<string, Head>();
  let problem: string | undefined;
  for (const { name, text, wanted } of files) {
    if (key === undefined) {
      problem ??=
        text === "" ? undefined : `There is no public key to check the signed heads of ${name} with.`;
      continue;
    }
    const read = readHeads(text, name, key);
    problem ??= read.problem;
    if (wanted && read.heads.length === 0) {
      problem ??= `There is no signed head in ${name}.`;
    }
    read.heads.forEach((head) => heads.set(`${JSON.stringify(head.place)} ${head.head}`, head));
  }
  return { heads: [...heads.values()], problem, notes, ...droppedIn(data, key) };
};

interface HeadsText {
  readonly name: string;
  readonly text: string;
  /** It was asked for: without heads in it there is nothing to hold the record against. */
  readonly wanted: boolean;
}

const given = ({ terminal }: From, { heads }: VerifyOptions): readonly HeadsText[] =>
  heads.map((name) => ({ name, text: readFile(resolve(terminal.cwd, name), name), wanted: true }));

const own = (data: string): readonly HeadsText[] => textsIn(join(data, HEADS_FILE));

/** The second place that the configuration names, if that is a file. */
const second = (from: From, where: Where, notes: string[]): readonly HeadsText[] => {
  const { loaded, facts } = configurationAt(from, where);
  if (loaded === undefined) {
    const { file, message } = facts.problems[0] ?? { file: "the configuration", message: "" };
    notes.push(`A second place for heads was not looked for: ${file} cannot be loaded. ${message}`.trimEnd());
    return [];
  }
  const { to } = loaded.config.audit.heads;
  if (to?.kind !== "file") {
    return [];
  }
  const texts = textsIn(to.path);
  if (texts.length === 0) {
    notes.push(`The second place for heads, ${to.path}, is not there.`);
  }
  return texts;
};

const textsIn = (path: string): readonly HeadsText[] =>
  existsSync(path) ? [{ name: basename(path), text: readFile(path, path), wanted: false }] : [];

const readFile = (path: string, name: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new CommandFailure(`${name} cannot be read (${codeOf(error)}).`);
  }
};

/** The data directory's own unless another is given. Absent in data directories of older releases. */
const publicKeyFor = (
  { terminal }: From,
  data: string,
  { publicKey }: VerifyOptions,
): KeyObject | undefined => {
  const path = publicKey === undefined ? publicKeyFile(data) : resolve(terminal.cwd, publicKey);
  if (publicKey === undefined && !existsSync(path)) {
    return undefined;
  }
  const text = readFile(path, publicKey ?? path);
  try {
    // A private key is taken by the library too, and is not to be handed about.
    const key = text.includes("PRIVATE KEY") ? undefined : createPublicKey(text);
    if (key?.asymmetricKeyType === "ed25519") {
      return key;
    }
  } catch {
    // Told below.
  }
  throw new CommandFailure(`${publicKey ?? path} is no Ed25519 public key.`);
};

/** The statement as it is there now; `undefined` where there is none. */
export const droppedText = (data: string): string | undefined => {
  const path = join(placesIn(data).journal, DROPPED_FILE);
  return existsSync(path) ? readFile(path, DROPPED_FILE).trimEnd() : undefined;
};

const droppedIn = (data: string, key: KeyObject | undefined): Pick<Proofs, "dropped" | "droppedProblem"> => {
  const text = droppedText(data);
  if (text === undefined) {
    return { dropped: undefined, droppedProblem: undefined };
  }
  if (key === undefined) {
    const droppedProblem = "There is no public key to check the statement on dropped records with.";
    return { dropped: undefined, droppedProblem };
  }
  const read = readDropped(text, key);
  return read.ok
    ? { dropped: read.dropped, droppedProblem: undefined }
    : { dropped: undefined, droppedProblem: `The statement on dropped records ${read.problem}.` };
};
