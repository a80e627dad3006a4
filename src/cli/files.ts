import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { JsonError, readJson } from "../base/json-read.ts";
import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { CommandFailure } from "./command.ts";
import { LIMITS } from "../base/limits.ts";
import type { Terminal } from "./terminal.ts";

/** The text of a file, or a failure that names it. */
export const readText = (terminal: Terminal, path: string): string => {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(resolve(terminal.cwd, path));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new CommandFailure(
      `${path}: ${code === "ENOENT" ? "there is no such file" : "the file cannot be read"}`,
    );
  }
  return utf8(bytes, path);
};

const utf8 = (bytes: Uint8Array, path: string): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CommandFailure(`${path}: this is not UTF-8 text`);
  }
};

/** A file that is one JSON value, read strictly. */
export const readJsonFile = (terminal: Terminal, path: string): Json =>
  jsonIn(readText(terminal, path), path);

const jsonIn = (text: string, path: string): Json => {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof JsonError) {
      throw new CommandFailure(`${path}:${String(error.line)}:${String(error.column)}: ${error.message}`);
    }
    throw error;
  }
};

/** The tools of a `tools/list` result, alone or inside its response. */
export const readTools = (terminal: Terminal, path: string): readonly JsonObject[] =>
  toolsOf(readJsonFile(terminal, path), path);

/** The same from standard input. */
export const readToolsFromInput = async (terminal: Terminal): Promise<readonly JsonObject[]> =>
  toolsOf(jsonIn(await textOfInput(terminal), INPUT), INPUT);

const INPUT = "standard input";

const textOfInput = async ({ stdin }: Terminal): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    bytes += chunk.length;
    if (bytes > LIMITS.tools_input_bytes_max) {
      const most = String(LIMITS.tools_input_bytes_max / (1024 * 1024));
      throw new CommandFailure(`${INPUT}: more than ${most} MiB are not read`);
    }
    chunks.push(chunk);
  }
  return utf8(Buffer.concat(chunks), INPUT);
};

const toolsOf = (value: Json, path: string): readonly JsonObject[] => {
  const result = isJsonObject(value) ? member(value, "result") : undefined;
  const list = isJsonObject(result) ? result : value;
  const tools = isJsonObject(list) ? member(list, "tools") : undefined;
  if (!isJsonArray(tools) || !tools.every(isTool)) {
    throw new CommandFailure(
      `${path}: this is no tools/list result: { "tools": [{ "name", "inputSchema" }] }`,
    );
  }
  return tools;
};

const isTool = (tool: Json): tool is JsonObject =>
  isJsonObject(tool) && typeof member(tool, "name") === "string";
