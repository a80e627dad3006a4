import type { OwnTool } from "../../catalogue/attacks/result.ts";
import { argumentPath } from "./words.ts";
import { filledArguments } from "./fill.ts";
import { isRecord, textsOf, type Plain } from "../plain.ts";

/** What the entries of a batch call the member that says what is run: by the user's rule, the schema or the description. */
export const memberOf = (
  { definition, profile }: OwnTool,
  argument: string,
  wanted: string,
  rule: Plain | undefined,
): string | undefined => {
  const items = itemsOf(definition, argument);
  const known = isRecord(items["properties"]) ? Object.keys(items["properties"]) : [];
  const told = profile.arguments.flatMap(({ path, kinds }) =>
    kinds.includes("tool") ? (memberIn(path, argument) ?? []) : [],
  );
  return (
    [...pathsIn(rule).flatMap((path) => memberIn(path, argument) ?? []), ...told].find(
      (name) => known.length === 0 || known.includes(name),
    ) ??
    known.find((name) => name === wanted) ??
    (known.length === 0 ? memberSaid(definition) : undefined)
  );
};

const MEMBER = /^\[\*\]\.(?<name>[A-Za-z_][\w-]*)$/u;

/** `commands[*].tool` → tool. */
const memberIn = (path: string, argument: string): string | undefined => {
  const { name, each = false, rest = "" } = argumentPath(path) ?? {};
  return name === argument && each ? MEMBER.exec(`[*]${rest}`)?.groups?.["name"] : undefined;
};

const pathsIn = (rule: unknown): readonly string[] => textsOf(rule).filter((text) => text.startsWith("args"));

/** `{ command, params }`, `{"command": …}`. */
const SAID = /\{\s*["'`]?(?<name>command|tool|tool_name|action|method|name)["'`]?\s*[,:}]/u;

const memberSaid = (definition: Plain): string | undefined =>
  textsOf(definition)
    .map((text) => SAID.exec(text)?.groups?.["name"])
    .find((name) => name !== undefined);

const itemsOf = ({ inputSchema }: Plain, argument: string): Plain => {
  const properties =
    isRecord(inputSchema) && isRecord(inputSchema["properties"]) ? inputSchema["properties"] : {};
  const schema = Object.hasOwn(properties, argument) ? properties[argument] : {};
  return isRecord(schema) && isRecord(schema["items"]) ? schema["items"] : {};
};

/** The entries of a list, with a member under its name here and with what the schema requires besides. */
export const entriesNamed = (
  value: unknown,
  definition: Plain,
  argument: string,
  { from, to }: { readonly from: string; readonly to: string },
): unknown =>
  Array.isArray(value)
    ? value.map((entry: unknown) =>
        isRecord(entry)
          ? filledArguments(
              itemsOf(definition, argument),
              Object.fromEntries(
                Object.entries(entry).map(([name, each]) => [name === from ? to : name, each]),
              ),
            )
          : entry,
      )
    : value;
