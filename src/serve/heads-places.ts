import { open, rename, stat, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { Agent, request } from "undici";
import { LIMITS } from "../base/limits.ts";
import type { HeadsPlace } from "../config/audit.ts";
import { guardedLookup } from "../upstream/guard.ts";

/** Keeps one signed head; rejects where it is not kept. */
export type PutHead = (line: string) => Promise<void>;

/** Not kept. The message has no path, URL or header in it. */
class NotKept extends Error {
  override readonly name = "NotKept";
}

/** What members of a signed head begin with, in canonical form: a line that was begun with it is ours to cut. */
const BEGINNING = '{"at":"';
const LF = 10;

export const putterFor = (place: HeadsPlace): PutHead =>
  place.kind === "file" ? (line) => appendHead(place.path, line) : (line) => post(place, line);

/** Appends a line and brings it to stable storage. Half a line that a process which was killed left is cut first. */
export const appendHead = async (path: string, line: string): Promise<void> => {
  await using file = await open(path, "a+", 0o600);
  const { size } = await file.stat();
  const end = await wholeEnd(file, size);
  if (end < size) {
    await file.truncate(end);
  }
  try {
    await file.appendFile(`${line}\n`);
    await file.sync();
  } catch (error) {
    await file.truncate(end).catch(() => undefined);
    throw error;
  }
  if (size === 0) {
    await syncDirectory(path);
  }
};

/** Where the last whole line ends. */
const wholeEnd = async (file: FileHandle, size: number): Promise<number> => {
  const length = Math.min(size, LIMITS.head_bytes_max);
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
  const whole = buffer.lastIndexOf(LF) + 1;
  const half = buffer.toString("latin1", whole).slice(0, BEGINNING.length);
  if (!BEGINNING.startsWith(half)) {
    throw new NotKept("the file is not one of signed heads");
  }
  return size - length + whole;
};

/** A file's name is on stable storage once its directory is. */
const syncDirectory = async (path: string): Promise<void> => {
  await using directory = await open(dirname(path), "r");
  await directory.sync();
};

/** Drops the older half of a file that has grown over its bound: the newest head stands for all before it. */
export const shortenHeads = async (path: string, bytesMax: number): Promise<void> => {
  const { size } = await stat(path);
  if (size <= bytesMax) {
    return;
  }
  const length = Math.floor(bytesMax / 2);
  await using file = await open(path, "r");
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
  const newer = buffer.subarray(buffer.indexOf(LF) + 1, bytesRead);
  const draft = `${path}.new`;
  {
    await using shorter = await open(draft, "w", 0o600);
    await shorter.writeFile(newer);
    await shorter.sync();
  }
  await rename(draft, path);
  await syncDirectory(path);
};

/** Redirects are not followed: what the configuration names is where heads go. */
const post = async ({ url, headers }: Extract<HeadsPlace, { kind: "url" }>, line: string): Promise<void> => {
  const agent = new Agent({ connect: { lookup: guardedLookup }, allowH2: false });
  try {
    const { statusCode, body } = await request(url, {
      dispatcher: agent,
      method: "POST",
      headers: { ...lowerCased(headers), "content-type": "application/json" },
      body: line,
      signal: AbortSignal.timeout(LIMITS.head_post_ms_max),
    });
    body.on("error", () => undefined).destroy();
    if (statusCode < 200 || statusCode > 299) {
      throw new NotKept(`HTTP status ${String(statusCode)}`);
    }
  } finally {
    await agent.destroy();
  }
};

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Why, for the log: a code of the system, or a sentence of ours. Messages of libraries may hold a URL. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof NotKept) {
    return error.message;
  }
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" ? code : error instanceof Error ? error.name : "unknown";
};
