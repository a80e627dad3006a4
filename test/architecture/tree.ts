import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { isString, scan, type Scanned, type Token } from "./tokens.ts";

/** A project as the checks see it: path from its root, with `/`, → text. Planted trees are written as literals. */
export type Tree = ReadonlyMap<string, string>;

/** Something that is not as the house wants it, and what to do about it. */
export interface Violation {
  readonly file: string;
  /** 1-based; 0 where it is about the file as a whole. */
  readonly line: number;
  readonly what: string;
  readonly fix: string;
}

/** One import of one file. */
export interface Edge {
  readonly from: string;
  readonly line: number;
  /** As written. */
  readonly specifier: string;
  /** Whether it is the name of a file to read or run, `new URL("…", import.meta.url)`, rather than an import. */
  readonly byUrl: boolean;
  /** The file it means, for relative ones; else `undefined`. */
  readonly to: string | undefined;
}

export interface Modules {
  readonly scanned: ReadonlyMap<string, Scanned>;
  readonly edges: readonly Edge[];
  /** Imports whose specifier is no plain string: nobody can say what they reach. */
  readonly unreadable: readonly Violation[];
}

const SKIPPED = new Set(["node_modules", ".git", "dist", ".tollgate", "coverage"]);
const READ = /\.(?:ts|tsx|md|json)$/u;

/** Reads the text files of a folder. */
export const readTree = (root: string): Tree => {
  const files = new Map<string, string>();
  const walk = (folder: string): void => {
    for (const entry of readdirSync(posix.join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) {
          walk(path);
        }
      } else if (READ.test(entry.name) || entry.name === "LICENSE") {
        files.set(path, readFileSync(posix.join(root, path), "utf8"));
      }
    }
  };
  walk("");
  return files;
};

export const isTest = (file: string): boolean => file.endsWith(".test.ts");

/** Code that only tests run: tests, and what stands in a `testing` or `conformance` folder of a room. */
export const isTestCode = (file: string): boolean =>
  isTest(file) || /^(?:src|servers)\/.*\/(?:testing|conformance)\//u.test(file) || file.startsWith("test/");

export const codeFiles = (tree: Tree): readonly string[] =>
  [...tree.keys()].filter((file) => /\.tsx?$/u.test(file)).toSorted();

/** Reads every module of the tree. */
export const readModules = (tree: Tree): Modules => {
  const scanned = new Map<string, Scanned>();
  const edges: Edge[] = [];
  const unreadable: Violation[] = [];
  for (const file of codeFiles(tree)) {
    const tokens = scan(tree.get(file) ?? "");
    scanned.set(file, tokens);
    for (const { specifier, line, byUrl } of specifiersOf(tokens.tokens)) {
      if (specifier === undefined) {
        unreadable.push({
          file,
          line,
          what: "imports something that is named only at run time",
          fix: "write the module's name as a plain string, or a table of such imports",
        });
      } else {
        edges.push({ from: file, line, specifier, byUrl, to: resolve(tree, file, specifier) });
      }
    }
  }
  return { scanned, edges, unreadable };
};

interface Found {
  readonly specifier: string | undefined;
  readonly byUrl: boolean;
  readonly line: number;
}

const specifiersOf = (tokens: readonly Token[]): readonly Found[] =>
  tokens.flatMap((token, index) => {
    const reader = isString(token) || tokens[index - 1]?.text === "." ? undefined : READERS.get(token.text);
    const found = reader?.(tokens, index);
    return found === undefined
      ? []
      : [{ specifier: found.specifier, line: token.line, byUrl: token.text === "URL" }];
  });

/** The first argument of a call, if it is a string and nothing is added to it. */
const plainArgument = (tokens: readonly Token[], index: number): string | undefined => {
  const follows = tokens[index + 1]?.text ?? "";
  return isString(tokens[index]) && [")", ","].includes(follows) ? tokens[index]?.text : undefined;
};

type Reader = (
  tokens: readonly Token[],
  index: number,
) => { readonly specifier: string | undefined } | undefined;

/** How each word that can name a module does so. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  // `import "…"` and `import("…")`.
  [
    "import",
    (tokens, index) => {
      const next = tokens[index + 1];
      if (isString(next)) {
        return { specifier: next?.text };
      }
      return next?.text === "(" ? { specifier: plainArgument(tokens, index + 2) } : undefined;
    },
  ],
  // `import … from "…"` and `export … from "…"`.
  [
    "from",
    (tokens, index) => {
      const next = tokens[index + 1];
      return isString(next) ? { specifier: next?.text } : undefined;
    },
  ],
  // `new URL("./worker.ts", import.meta.url)`: how a worker or a file beside the module is named.
  [
    "URL",
    (tokens, index) => {
      const target = tokens[index + 2];
      const relative = isString(target) && /^\.\.?\//u.test(target?.text ?? "");
      return relative && tokens[index - 1]?.text === "new" ? { specifier: target?.text } : undefined;
    },
  ],
]);

/** A name in `new URL(…)` may leave the suffix to the code, since it is `.ts` in a checkout and `.js` when built. */
const resolve = (tree: Tree, from: string, specifier: string): string | undefined => {
  if (!specifier.startsWith(".")) {
    return undefined;
  }
  const path = posix.normalize(posix.join(posix.dirname(from), specifier));
  return (
    [path, `${path}.ts`, `${path}ts`, path.replace(/\.js$/u, ".ts")].find((name) => tree.has(name)) ?? path
  );
};
