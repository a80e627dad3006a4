import { isRecord } from "../plain.ts";
import { literalsOf } from "./literals.ts";

/** What a rule says of an argument. */
export interface Said {
  /** Its name; `*`: whichever. */
  readonly argument: string;
  readonly op: string;
  /** As written. */
  readonly text: string;
}

export interface ArgumentPath {
  readonly name: string;
  /** Each of a list is meant. */
  readonly each: boolean;
  /** What stands below it. */
  readonly rest: string;
}

/** `args.to`, `args["to"]`; `args.*` and `args.**` mean whichever. */
const ROOTS = [
  /^args\.(?<name>[A-Za-z_][\w-]*)(?<below>.*)$/su,
  /^args\["(?<name>[^"\\]+)"\](?<below>.*)$/su,
  /^args\.(?<name>\*)\*?(?<below>.*)$/su,
];

export const argumentPath = (path: unknown): ArgumentPath | undefined => {
  const found = typeof path === "string" ? ROOTS.map((root) => root.exec(path)).find(Boolean) : undefined;
  const [, name, below = ""] = found ?? [];
  const each = below.startsWith(EACH);
  return name === undefined ? undefined : { name, each, rest: each ? below.slice(EACH.length) : below };
};

const EACH = "[*]";

/** In order, with what can be read off regular expressions. */
export const saidIn = (value: unknown): readonly Said[] => {
  if (Array.isArray(value)) {
    return value.flatMap(saidIn);
  }
  if (!isRecord(value)) {
    return [];
  }
  const { path, op } = value;
  const argument = argumentPath(path)?.name;
  if (argument === undefined || typeof op !== "string") {
    return Object.values(value).flatMap(saidIn);
  }
  return textsIn(value["value"]).flatMap((text) =>
    op === "regex" ? readOff(argument, text) : [{ argument, op, text }],
  );
};

const textsIn = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((each: unknown) =>
    typeof each === "string" && each !== "" ? [each] : [],
  );

/** Shorter runs are found in every text. */
const RUN_MIN_CHARACTERS = 3;

const readOff = (argument: string, pattern: string): readonly Said[] => {
  const { head, tail, longest } = literalsOf(pattern);
  return [
    { argument, op: "starts_with", text: head },
    { argument, op: "ends_with", text: tail },
    { argument, op: "contains", text: longest.length < RUN_MIN_CHARACTERS ? "" : longest },
  ].filter(({ text }) => text !== "");
};

/** The arguments that a rule says something of. */
export const argumentsIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) {
    return value.flatMap(argumentsIn);
  }
  if (!isRecord(value)) {
    return [];
  }
  const argument = argumentPath(value["path"])?.name;
  return argument === undefined ? Object.values(value).flatMap(argumentsIn) : [argument];
};
