import type { JsonObject } from "../base/json-value.ts";
import { nearest } from "../base/nearest.ts";
import { type ConditionScope, JOINS, type Lean, SHAPE } from "./condition-scope.ts";
import { offerText, settle } from "./operators/offer.ts";
import type { OperatorRow, Test } from "./operators/operator.ts";
import { isOperator, OPERATOR_TABLE, type Operator, operatorNames } from "./operators/table.ts";
import type { ParsedPath } from "./path.ts";
import { readPath } from "./path-read.ts";
import { compileWalk } from "./path-walk.ts";
import { below } from "./pointer.ts";
import { problemAt } from "./problem.ts";
import { type Condition, notOf } from "./three.ts";

const FIELDS = ["path", "op", "value", "on_missing", "fold", "flags"] as const;
const KNOWN: readonly string[] = [...FIELDS, ...JOINS];

/** One `{ path, op, value }`, with what reading its fields takes. */
interface Leaf {
  readonly fields: JsonObject;
  readonly note: (field: string, at: "key" | "value", message: string, nearest?: string) => void;
}

/** Compiles `{ path, op, value, … }`; `undefined` once a problem has been noted. */
export const compileLeaf = (
  fields: JsonObject,
  pointer: string,
  scope: ConditionScope,
): Condition | undefined => {
  const leaf: Leaf = {
    fields,
    note: (field, at, message, near) => {
      scope.problems.push(problemAt(field === "" ? pointer : pointer + field, at, message, near));
    },
  };
  const unknown = noteUnknownFields(leaf);
  if (!noteMissingFields(leaf, unknown)) {
    return undefined;
  }
  const path = readLeafPath(leaf);
  const op = readOperator(leaf);
  const row: OperatorRow | undefined = op === undefined ? undefined : OPERATOR_TABLE[op];
  const onMissing = readOnMissing(leaf, op);
  const fold = readFold(leaf, row, op);
  const flags = readFlags(leaf, row);
  const { value } = fields;
  if (row === undefined || op === undefined || value === undefined) {
    return undefined;
  }
  const test = row.compile({
    value,
    fold,
    flags,
    path,
    compileSchema: scope.context.compileSchema,
    wrong: (message, index, near) => {
      leaf.note(index === undefined ? "/value" : `/value/${index}`, "value", message, near);
    },
    wrongFlags: (message) => {
      leaf.note("/flags", "value", message);
    },
  });
  if (test === undefined || path === undefined) {
    return undefined;
  }
  scope.reads.push({ pointer, path, op, value, onMissing, fold, lean: scope.lean });
  return op === "exists"
    ? compileExistence(path, value === true)
    : compileTest(path, test, row.text(value), onMissing, scope.lean);
};

/** Says which fields there are not; returns how many. */
const noteUnknownFields = ({ fields, note }: Leaf): number => {
  const unknown = Object.keys(fields).filter((name) => !KNOWN.includes(name));
  for (const name of unknown) {
    note(below("", name), "key", `A condition has no field ${JSON.stringify(name)}.`, nearest(name, KNOWN));
  }
  return unknown.length;
};

/** Says what is missing; false where so much is that the rest is not worth reading. */
const noteMissingFields = ({ fields, note }: Leaf, unknown: number): boolean => {
  const missing = (["path", "op", "value"] as const).filter((name) => fields[name] === undefined);
  if (missing.length === 3) {
    if (unknown === 0) {
      note("", "value", SHAPE); // Otherwise the fault is in the spelling of `all`, say, and is told.
    }
    return false;
  }
  for (const name of missing) {
    note("", "value", `The condition lacks ${name}.`);
  }
  return true;
};

const readLeafPath = ({ fields, note }: Leaf): ParsedPath | undefined => {
  const text = fields["path"];
  if (typeof text !== "string") {
    if (text !== undefined) {
      note("/path", "value", "A path is a string such as args.amount.");
    }
    return undefined;
  }
  const path = readPath(text);
  if ("invalid" in path) {
    note("/path", "value", path.invalid, path.nearest);
    return undefined;
  }
  return path;
};

const readOperator = ({ fields, note }: Leaf): Operator | undefined => {
  const { op } = fields;
  if (typeof op === "string" && isOperator(op)) {
    return op;
  }
  if (op !== undefined) {
    const near = typeof op === "string" ? nearest(op, operatorNames) : undefined;
    note("/op", "value", `An operator is one of ${operatorNames.join(", ")}.`, near);
  }
  return undefined;
};

const readOnMissing = ({ fields, note }: Leaf, op: Operator | undefined): "false" | "true" | undefined => {
  const onMissing = fields["on_missing"];
  if (onMissing !== undefined && op === "exists") {
    note("/on_missing", "key", "Operator exists is never unknown: on_missing means nothing beside it.");
  }
  if (onMissing === undefined || onMissing === "false" || onMissing === "true") {
    return onMissing;
  }
  note("/on_missing", "value", 'on_missing is the string "false" or "true".');
  return undefined;
};

const readFold = (
  { fields, note }: Leaf,
  row: OperatorRow | undefined,
  op: Operator | undefined,
): boolean => {
  const { fold } = fields;
  if (fold !== undefined && row?.fold === false) {
    const hint = op === "regex" ? ' Use "flags": "i".' : "";
    note("/fold", "key", `fold means nothing beside operator ${op}.${hint}`);
  }
  if (fold !== undefined && typeof fold !== "boolean") {
    note("/fold", "value", "fold is true or false.");
  }
  return fold === true;
};

const readFlags = ({ fields, note }: Leaf, row: OperatorRow | undefined): string => {
  const { flags } = fields;
  if (flags !== undefined && row?.flags === false) {
    note("/flags", "key", "flags belong to operator regex.");
  }
  if (flags !== undefined && typeof flags !== "string") {
    note("/flags", "value", 'flags is a string such as "i".');
  }
  return typeof flags === "string" ? flags : "";
};

/** `exists`: whether the path yields a value at all. Missing ones are none, and no lean changes that. */
const compileExistence = (path: ParsedPath, wanted: boolean): Condition => {
  const some = compileWalk(path, { every: false, missing: 0, test: () => 1 });
  return wanted ? some : notOf(some);
};

const MISSING = { true: 1, false: 0, unknown: -1 } as const;

const compileTest = (
  path: ParsedPath,
  test: Test,
  offersText: boolean,
  onMissing: "false" | "true" | undefined,
  lean: Lean,
): Condition => {
  const every = lean === "require";
  return compileWalk(path, {
    every,
    missing: MISSING[onMissing ?? "unknown"],
    // Under `.**` what does not fit is passed over, which for "any" is the same as false.
    test: settle(path.deep && offersText ? offerText(test) : test, path.deep && !every ? 0 : -1),
  });
};
