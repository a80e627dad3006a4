import { JsonError, type JsonDocument, readJsonDocument } from "../base/json-read.ts";
import type { Json } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import type { LimitSpec } from "./limits.ts";
import { compileListing, type Listing } from "./list.ts";
import { below } from "./pointer.ts";
import type { Problem } from "./problem.ts";
import { type KeyOrder, type PolicyDocument, POLICY_VERSION, readDocument } from "./read-document.ts";
import { compileResolve, type Resolve } from "./resolve.ts";
import type { ClassFinder, MetaFinder, SchemaCompiler } from "./types.ts";
import { warnings } from "./warn.ts";

export interface CompileOptions {
  /** Names the policy's counters: two policies never share one. */
  readonly name: string;
  readonly compileSchema: SchemaCompiler;
}

/** A problem with its place in the text, both from 1; none where the document did not come as text. */
export interface LocatedProblem extends Problem {
  readonly line?: number;
  readonly column?: number;
  /** The text is no JSON: the place counts, and there is nothing a pointer could point at. */
  readonly unreadable?: true;
}

/** A compiled policy. One that is invalid denies every call and says why. */
export interface PolicySet {
  readonly name: string;
  /** The document's `version`; "" where it is invalid. */
  readonly version: string;
  readonly mode: "enforce" | "observe";
  /** Every error, in the document's order; empty if it is valid. */
  readonly invalid: readonly LocatedProblem[];
  /** `undefined` if the document is invalid. */
  readonly rules: CompiledRules | undefined;
  /** Every limit of the document, for the counters. */
  readonly limits: readonly LimitSpec[];
  /** Why there are no rules, as the end of a sentence. */
  readonly refusal: string | undefined;
}

interface CompiledRules {
  readonly resolve: Resolve;
  readonly listing: Listing;
}

const denyAll = (name: string, invalid: readonly LocatedProblem[]): PolicySet => {
  const first = invalid[0];
  const where = first === undefined || first.pointer === "" ? "" : `${first.pointer}: `;
  const why = first === undefined ? "It cannot be read." : `${where}${first.message}`;
  return {
    name,
    version: "",
    mode: "enforce",
    invalid,
    rules: undefined,
    limits: [],
    refusal: `the policy is not valid. ${why}`,
  };
};

const limitsOf = ({ tools, allTools }: PolicyDocument): readonly LimitSpec[] =>
  [...tools.values(), ...(allTools === undefined ? [] : [allTools])].flatMap(({ written }) =>
    written.map(({ spec }) => spec),
  );

const setOf = (name: string, document: PolicyDocument): PolicySet => {
  const resolve = compileResolve(document);
  const listing = compileListing(document, resolve);
  return {
    name,
    version: POLICY_VERSION,
    mode: document.mode,
    invalid: [],
    rules: { resolve, listing },
    limits: limitsOf(document),
    refusal: undefined,
  };
};

/** Bytes of a text in UTF-8. */
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

const TOO_LARGE: LocatedProblem = {
  pointer: "",
  at: "value",
  message: `A policy has at most ${LIMITS.policy_bytes_max / 1_024} KiB.`,
};

interface Read {
  readonly document: PolicyDocument | undefined;
  readonly problems: readonly Problem[];
}

/** Reads a document. What is too deep for the stack, or breaks a schema compiler, is not valid either. */
const readValue = (value: Json, { name, compileSchema }: CompileOptions, inOrder?: KeyOrder): Read => {
  const problems: Problem[] = [];
  try {
    const document = readDocument(value, { policy: name, conditions: { compileSchema }, inOrder }, problems);
    return { document, problems };
  } catch {
    const message = "The document cannot be compiled.";
    return { document: undefined, problems: [...problems, { pointer: "", at: "value", message }] };
  }
};

const locate = (document: JsonDocument, problem: Problem): LocatedProblem => ({
  ...problem,
  ...document.locate(problem.pointer, problem.at),
});

/** Keys as they are written: an object has those that look like small integers first, wherever they stand. */
const keysIn =
  (document: JsonDocument): KeyOrder =>
  (pointer, keys) => {
    if (!keys.some((key) => /^\d+$/.test(key))) {
      return keys;
    }
    const placed = keys.map((key) => {
      const problem: Problem = { pointer: below(pointer, key), at: "key", message: "" };
      return { key, ...locate(document, problem) };
    });
    return placed.sort(byPlace).map(({ key }) => key);
  };

const byPlace = (a: LocatedProblem, b: LocatedProblem): number =>
  (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);

const isError = ({ severity }: Problem): boolean => severity !== "warning";

const unreadable = (error: unknown): LocatedProblem => {
  if (!(error instanceof JsonError)) {
    return { pointer: "", at: "value", message: "The document cannot be read.", unreadable: true };
  }
  const { message, line, column, kind, pointer } = error;
  // Two keys of one name are a clash inside a document: that has a pointer. What is no JSON has none (section 6).
  return kind === "syntax" || pointer === undefined
    ? { pointer: "", at: "value", message, line, column, unreadable: true }
    : { pointer, at: kind === "duplicate_key" ? "key" : "value", message, line, column };
};

interface LocatedRead {
  readonly document: PolicyDocument | undefined;
  readonly problems: readonly LocatedProblem[];
  /** Finds a problem's place in the text. */
  readonly place: (problem: Problem) => LocatedProblem;
}

const readText = (text: string, options: CompileOptions): LocatedRead => {
  const place = (problem: Problem): LocatedProblem => problem;
  if (bytesOf(text) > LIMITS.policy_bytes_max) {
    return { document: undefined, problems: [{ ...TOO_LARGE, line: 1, column: 1 }], place };
  }
  try {
    const json = readJsonDocument(text);
    const { document, problems } = readValue(json.value, options, keysIn(json));
    return {
      document,
      problems: problems.map((problem) => locate(json, problem)).sort(byPlace),
      place: (problem) => locate(json, problem),
    };
  } catch (error) {
    return { document: undefined, problems: [unreadable(error)], place };
  }
};

const compiled = (
  name: string,
  document: PolicyDocument | undefined,
  problems: readonly LocatedProblem[],
): PolicySet => {
  const errors = problems.filter(isError);
  return document === undefined || errors.length > 0 ? denyAll(name, errors) : setOf(name, document);
};

/** Compiles a policy document from its text, once. Never throws: what is not valid compiles to a policy that denies all. */
export const compilePolicy = (text: string, options: CompileOptions): PolicySet => {
  const { document, problems } = readText(text, options);
  return compiled(options.name, document, problems);
};

/** The same for a document that is part of another one. Its problems have pointers into the document, and no lines. */
export const compilePolicyValue = (value: Json, options: CompileOptions): PolicySet => {
  const { document, problems } = readValue(value, options);
  return compiled(options.name, document, isTooLarge(value) ? [...problems, TOO_LARGE] : problems);
};

const isTooLarge = (value: Json): boolean => {
  try {
    return bytesOf(writeJson(value)) > LIMITS.policy_bytes_max;
  } catch {
    return true;
  }
};

export interface CheckOptions extends CompileOptions {
  /** What a server's `tools/list` shows, for more warnings. */
  readonly tools?: readonly Json[];
  /** Tells which of them run others, for warnings of those. */
  readonly metaOf?: MetaFinder;
  /** Tells what they do, for rules that withhold tools by their class. */
  readonly classOf?: ClassFinder;
}

/** Everything `policy check` says of a document. */
export const checkPolicy = (
  text: string,
  options: CheckOptions,
): { readonly errors: readonly LocatedProblem[]; readonly warnings: readonly LocatedProblem[] } => {
  const { document, problems, place } = readText(text, options);
  const { tools, metaOf, classOf, compileSchema } = options;
  const room = LIMITS.policy_bytes_max - bytesOf(text);
  const knowing = metaOf && { metaOf, classOf, context: { compileSchema }, room };
  const found = document === undefined ? [] : warnings(document, tools, knowing).map(place);
  return {
    errors: problems.filter(isError),
    warnings: [...problems.filter((problem) => !isError(problem)), ...found].sort(byPlace),
  };
};
