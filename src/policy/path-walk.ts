import { type Json, isJsonArray, isJsonObject } from "../base/json-value.ts";
import type { ParsedPath, Step } from "./path.ts";
import { compileArgsNumberPath, compileStep } from "./path-read.ts";
import { type RootReader, rootPath } from "./roots.ts";
import type { Condition, Three } from "./three.ts";

/** Applies a test to what a path yields. Whether wildcards mean all or any is told here once, by `every`. */
export interface Walk {
  /** True: every value must pass (`require`); false: one is enough (`deny_if`, approval). */
  readonly every: boolean;
  /** What a value that is not there counts as. */
  readonly missing: Three;
  readonly test: Visit;
}

type Visit = (value: Json) => Three;

/** Compiles a path and the test of its values into one closure. */
export const compileWalk = (path: ParsedPath, walk: Walk): Condition => {
  if (path.root !== "args") {
    const found = rootPath(path);
    return found === undefined ? () => walk.missing : compileRootWalk(found.reader, walk);
  }
  return path.wild ? compileWildWalk(path, walk) : compilePlainWalk(path, walk);
};

const compilePlainWalk = (path: ParsedPath, { missing, test }: Walk): Condition => {
  const [first, second] = path.steps;
  if (first?.kind === "name" && second === undefined && !(first.name in Object.prototype)) {
    // `args.name` is most of what policies read: one closure less.
    const { name } = first;
    return (call) => {
      const value = call.args[name];
      return value === undefined ? missing : test(value);
    };
  }
  const read = compileArgsNumberPath(path);
  return (call) => {
    const value = read(call);
    return value === undefined ? missing : test(value);
  };
};

const compileRootWalk = (reader: RootReader, { every, missing, test }: Walk): Condition => {
  if ("one" in reader) {
    const { one } = reader;
    return (call) => {
      const value = one(call);
      return value === undefined ? missing : test(value);
    };
  }
  const { each } = reader;
  const stop = every ? 0 : 1;
  return (call) => {
    const values = each(call);
    if (values === undefined) {
      return missing;
    }
    let out: Three = every ? 1 : 0;
    for (const value of values) {
      const one = test(value);
      if (one === stop) {
        return stop;
      }
      out = one === -1 ? -1 : out;
    }
    return out;
  };
};

const compileWildWalk = (path: ParsedPath, walk: Walk): Condition => {
  const visit = path.steps.reduceRight<Visit>(
    (next, step) => compileVisit(step, next, walk),
    path.deep ? deepVisit(walk) : walk.test,
  );
  return (call) => visit(call.args);
};

const compileVisit = (step: Step, next: Visit, walk: Walk): Visit => {
  const { every, missing } = walk;
  if (step.kind === "elements") {
    return (value) => (isJsonArray(value) ? judgeEach(value, next, every) : missing);
  }
  if (step.kind === "members") {
    return (value) => (isJsonObject(value) ? judgeEach(Object.values(value), next, every) : missing);
  }
  const read = compileStep(step);
  return (value) => {
    const found = read(value);
    return found === undefined ? missing : next(found);
  };
};

/** Kleene's all or any over several values. */
const judgeEach = (values: readonly Json[], visit: Visit, every: boolean): Three => {
  const stop = every ? 0 : 1;
  let out: Three = every ? 1 : 0;
  for (const value of values) {
    const one = visit(value);
    if (one === stop) {
      return stop;
    }
    out = one === -1 ? -1 : out;
  }
  return out;
};

/** `.**`: every scalar below, and every property name. Arguments nest at most as deep as the reader allows. */
const deepVisit = ({ every, test }: Walk): Visit => {
  const stop = every ? 0 : 1;
  const visit: Visit = (value) => {
    if (isJsonArray(value)) {
      return judgeEach(value, visit, every);
    }
    if (!isJsonObject(value)) {
      return test(value);
    }
    const names = judgeEach(Object.keys(value), test, every);
    if (names === stop) {
      return stop;
    }
    const values = judgeEach(Object.values(value), visit, every);
    return values === stop || names !== -1 ? values : -1;
  };
  return visit;
};
