import { isRecord } from "../plain.ts";
import type { SimpleStep } from "../scenario.ts";

/** A request as it goes over the wire. */
export interface Outgoing {
  /** In a few words, for reports. */
  readonly asked: string;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

type Words = ReadonlyMap<string, string>;
type Message = Exclude<SimpleStep, { http: unknown } | { obey: unknown } | { command: unknown }>;
type Raw = Extract<SimpleStep, { http: unknown }>;

const REVISION = "2026-07-28";
const META = {
  "io.modelcontextprotocol/protocolVersion": REVISION,
  "io.modelcontextprotocol/clientInfo": { name: "agent", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} }, sampling: {} },
};

/** `{{token}}` is what the words say of `token`; an unknown word stays. */
const spoken = (text: string, words: Words): string =>
  text.replaceAll(/\{\{([\w:-]+)\}\}/gu, (whole, word: string) => words.get(word) ?? whole);

const spokenIn = (value: unknown, words: Words): unknown => {
  if (typeof value === "string") {
    return spoken(value, words);
  }
  if (Array.isArray(value)) {
    return value.map((each) => spokenIn(each, words));
  }
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, spokenIn(each, words)]))
    : value;
};

/** Method, the name that `Mcp-Name` carries, and parameters. */
const partsOf = (step: Message): readonly [string, string | undefined, object] => {
  if ("call" in step) {
    return ["tools/call", step.call, { name: step.call, arguments: step.arguments ?? {} }];
  }
  if ("read" in step) {
    return ["resources/read", step.read, { uri: step.read }];
  }
  return "prompt" in step
    ? ["prompts/get", step.prompt, { name: step.prompt }]
    : [`${step.list}/list`, undefined, {}];
};

/** A message as a well-behaved client of MCP 2026-07-28 sends it. */
export const messageFor = (step: Message, words: Words): Outgoing => {
  const [method, name, params] = partsOf(step);
  return {
    asked: name === undefined ? method : `${method} ${name}`,
    method: "POST",
    path: words.get("path") ?? "/mcp",
    headers: [
      ["authorization", `Bearer ${words.get("token") ?? ""}`],
      ["content-type", "application/json"],
      ["accept", "application/json, text/event-stream"],
      ["mcp-protocol-version", REVISION],
      ["mcp-method", method],
      ...(name === undefined ? [] : [["mcp-name", headerText(name)] as const]),
    ],
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method,
      params: { ...params, ...spokenArguments(params, words), _meta: META },
    }),
  };
};

const spokenArguments = (params: object, words: Words): object =>
  "arguments" in params ? { arguments: spokenIn(params.arguments, words) } : {};

/** Values that a header cannot carry are in Base64 between `=?base64?` and `?=` (MCP 2026-07-28, Streamable HTTP). */
const headerText = (name: string): string =>
  /^[\x21-\x7E](?:[\x20-\x7E]*[\x21-\x7E])?$/u.test(name)
    ? name
    : `=?base64?${Buffer.from(name, "utf8").toString("base64")}?=`;

/** A request as the scenario wrote it. */
export const rawFor = ({ http }: Raw, words: Words): Outgoing => {
  const { method = "POST", path = "{{path}}", headers, body = "" } = http;
  return {
    // Of the words only this one: a token is nobody's to read.
    asked: `${method} ${path.replaceAll("{{path}}", words.get("path") ?? "")}`,
    method,
    path: spoken(path, words),
    headers: headers.map(([name, value]) => [name, spoken(value, words)] as const),
    body: spoken(body, words),
  };
};
