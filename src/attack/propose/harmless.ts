import { admittedBy } from "../bind/admitted.ts";
import { FORMATS } from "../bind/fill.ts";
import type { OwnTool } from "../../catalogue/attacks/result.ts";
import { isRecord, type Plain } from "../plain.ts";

/**
 * Calls of a user's tool as honest work makes them: what its schema requires, with values that the schema names, or that
 * the user's rules ask for. They are judged before and after a rule is put in; nothing is sent.
 */

/** Texts for what is any text, most common first: a pattern for one of them refuses the others. */
const TEXTS = [
  "notes",
  "SELECT 1",
  "web-1",
  "README.md",
  "12",
  "https://example.com/",
  "ana@example.com",
] as const;

const DEPTH_MAX = 6;

interface Values {
  readonly text: string;
  /** By path below `args`: `to`, `commands[*].tool`. */
  readonly said: ReadonlyMap<string, unknown>;
}

export interface Asked {
  readonly tool: OwnTool;
  /** The rule for it now, and with what is proposed. */
  readonly now: Plain | undefined;
  readonly after: Plain;
  /** A tool that one which runs others may run. */
  readonly runs: string | undefined;
}

/** `besides`: optional arguments that are to be there. */
export const harmlessCalls = (
  { tool, now, after, runs }: Asked,
  besides: readonly string[] = [],
): readonly Plain[] => {
  const { inputSchema } = tool.definition;
  const top = isRecord(inputSchema) ? inputSchema : {};
  const names = [...new Set([...requiredIn(top), ...besides])];
  const [own, then, run] = [saidBy(now), saidBy(after), runBy(tool, runs)];
  const sources = [
    new Map([...run, ...own]),
    new Map([...then, ...run, ...own]),
    new Map([...own, ...then, ...run]),
  ];
  return TEXTS.flatMap((text) =>
    sources.map((said) =>
      Object.fromEntries(names.map((name) => [name, sample(membersOf(top)[name], { text, said }, [name])])),
    ),
  );
};

/** `({ command, params })`: of what is a list of anything, the description says what its entries are. */
const SHAPE = /\{\s*["'`]?([A-Za-z_]\w*)["'`]?\s*[,:}]/u;

/** What a tool that runs others is told to run: what is proposed names tools of the scenario's, which it has not. */
const runBy = ({ profile: { meta }, definition }: OwnTool, runs: string | undefined): Values["said"] => {
  const [, member] = SHAPE.exec(String(definition["description"])) ?? [];
  const { inputSchema: schema } = definition;
  const paths = meta?.runs === "tools" && runs !== undefined ? meta.arguments : [];
  return new Map(
    paths.map((path) => {
      const name = path.replace(/^args\.?/u, "");
      const argument = isRecord(schema) ? membersOf(schema)[name] : undefined;
      const isList = isRecord(argument) && argument["type"] === "array";
      return [name, isList ? [member === undefined ? runs : { [member]: runs }] : runs] as const;
    }),
  );
};

const saidBy = (rule: Plain | undefined): Values["said"] =>
  new Map([...listedBy(rule?.["require"]), ...admittedBy(rule)]);

const DEEP = /^args\.(.+\..+)$/u;

/** What is on a list of a rule, for what stands deeper than the arguments themselves. */
const listedBy = (value: unknown): readonly (readonly [string, unknown])[] => {
  if (Array.isArray(value)) {
    return value.flatMap(listedBy);
  }
  if (!isRecord(value)) {
    return [];
  }
  const [, path] = DEEP.exec(String(value["path"])) ?? [];
  const list = value["op"] === "in" ? value["value"] : undefined;
  return path !== undefined && isFilled(list)
    ? [[path, list[0]]]
    : ["conditions", "all", "any"].flatMap((name) => listedBy(value[name]));
};

export const requiredIn = ({ required }: Plain): readonly string[] =>
  Array.isArray(required) ? required.filter((name): name is string => typeof name === "string") : [];

const membersOf = ({ properties }: Plain): Plain => (isRecord(properties) ? properties : {});

/** `at`: the steps to it, the name of an argument first. */
const sample = (schema: unknown, values: Values, at: readonly string[]): unknown => {
  const path = at.join("");
  if (values.said.has(path)) {
    return values.said.get(path);
  }
  if (!isRecord(schema) || at.length > DEPTH_MAX) {
    return values.text;
  }
  for (const keyword of ["const", "default"]) {
    if (Object.hasOwn(schema, keyword)) {
      return schema[keyword];
    }
  }
  const listed = ["enum", "examples"].map((keyword) => schema[keyword]).find(isFilled);
  if (listed !== undefined) {
    return listed[0];
  }
  const inner = ["anyOf", "oneOf", "allOf"].map((keyword) => schema[keyword]).find(isFilled);
  return inner === undefined ? ofType(schema, values, at) : sample(inner[0], values, at);
};

const isFilled = (value: unknown): value is readonly unknown[] => Array.isArray(value) && value.length > 0;

const ofType = (schema: Plain, values: Values, at: readonly string[]): unknown => {
  const { type } = schema;
  const [first] = Array.isArray(type) ? type : [type];
  const make = MAKERS[String(first ?? (isRecord(schema["properties"]) ? "object" : "string"))];
  return make === undefined ? null : make(schema, values, at);
};

const least = ({ minimum, exclusiveMinimum }: Plain): number =>
  typeof minimum === "number"
    ? Math.max(minimum, 1)
    : Math.max(typeof exclusiveMinimum === "number" ? exclusiveMinimum + 1 : 1, 1);

/** A list has an entry, and an entry that requires nothing has all that it may have: an empty one would say nothing. */
const MAKERS: Readonly<Record<string, (schema: Plain, values: Values, at: readonly string[]) => unknown>> = {
  string: ({ format }, { text }) => FORMATS[String(format)] ?? text,
  number: least,
  integer: least,
  boolean: () => false,
  array: ({ items }, values, at) => [sample(items, values, [...at, "[*]"])],
  object: (schema, values, at) => {
    const members = membersOf(schema);
    const required = requiredIn(schema);
    const names = required.length === 0 ? Object.keys(members) : required;
    return Object.fromEntries(
      names.map((name) => [name, sample(members[name], values, [...at, `.${name}`])]),
    );
  },
};
