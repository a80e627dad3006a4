/** Paths of conditions as text and as steps (docs/policy.md, "Paths"). */

const ROOTS = ["args", "tool", "server", "grant", "identity", "client", "session", "now"] as const;
export type Root = (typeof ROOTS)[number];

/** One step down. `name` sees objects only, `index` and `elements` arrays only, `members` the values of objects only. */
export type Step =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "members" }
  | { readonly kind: "elements" };

export interface ParsedPath {
  /** As written. */
  readonly text: string;
  readonly root: Root;
  readonly steps: readonly Step[];
  /** Whether it ends in `.**`. */
  readonly deep: boolean;
  /** Whether it may yield several values: a wildcard step, or `.**`. */
  readonly wild: boolean;
}

export interface InvalidPath {
  readonly invalid: string;
  readonly nearest?: string;
}

export const isRoot = (text: string): text is Root => ROOTS.some((root) => root === text);
export const rootNames: readonly string[] = ROOTS;

const NAME = /\.([A-Za-z_][A-Za-z0-9_-]*)/y;
const INDEX = /\[(0|[1-9][0-9]*)\]/y;
const QUOTED = /\[("(?:[^"\\]|\\.)*")\]/y;
const MEMBERS = /\.\*(?!\*)/y;
const ELEMENTS = /\[\*\]/y;

interface Found {
  readonly step: Step;
  readonly end: number;
}

const unquote = (literal: string): string | undefined => {
  try {
    const name: unknown = JSON.parse(literal);
    // No key of an argument has a lone surrogate (the reader refuses them), so such a name is a mistake.
    return typeof name === "string" && name.isWellFormed() ? name : undefined;
  } catch {
    return undefined;
  }
};

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

const STEPS: readonly (readonly [RegExp, (inner: string) => Step | undefined])[] = [
  [NAME, (name) => ({ kind: "name", name })],
  [MEMBERS, () => ({ kind: "members" })],
  [ELEMENTS, () => ({ kind: "elements" })],
  [INDEX, (digits) => ({ kind: "index", index: Number(digits) })],
  [
    QUOTED,
    (literal) => {
      const name = unquote(literal);
      return name === undefined ? undefined : { kind: "name", name };
    },
  ],
];

const stepAt = (text: string, at: number): Found | undefined => {
  for (const [pattern, make] of STEPS) {
    const found = matchAt(pattern, text, at);
    const step = found === null ? undefined : make(found[1] ?? "");
    if (found !== null && step !== undefined) {
      return { step, end: at + found[0].length };
    }
  }
  return undefined;
};

const faultAt = (text: string, at: number): string => {
  const rest = text.slice(at);
  if (rest.startsWith(".**")) {
    return "In a path, .** stands only at the end.";
  }
  return `At character ${Array.from(text.slice(0, at)).length + 1} the path needs .name, .*, [0], [*], ["any name"] or a final .**.`;
};

/** Reads a path by the grammar alone; whether its root knows the rest is asked elsewhere. */
export const parsePath = (
  text: string,
): (Omit<ParsedPath, "root"> & { readonly root: string }) | InvalidPath => {
  const root = /^[a-z]*/i.exec(text)?.[0] ?? "";
  const deep = text.endsWith(".**");
  const end = deep ? text.length - ".**".length : text.length;
  const steps: Step[] = [];
  let at = root.length;
  while (at < end) {
    const found = stepAt(text, at);
    if (found === undefined) {
      return { invalid: faultAt(text, at) };
    }
    steps.push(found.step);
    at = found.end;
  }
  const wild = deep || steps.some((step) => step.kind === "members" || step.kind === "elements");
  return { text, root, steps, deep, wild };
};
