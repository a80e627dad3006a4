import { SyntaxKind } from "typescript/unstable/ast";
import { findSequence, isString, type Scanned, type Token, type Want } from "./tokens.ts";
import { isTestCode, type Modules, type Violation } from "./tree.ts";

/** Something that is not written in this house, where, and what is written instead. */
interface Ban {
  readonly name: string;
  /** Whether the ban holds for this file. */
  readonly holds: (file: string) => boolean;
  /** Lines it stands on. */
  readonly find: (scanned: Scanned) => readonly number[];
  readonly instead: string;
}

const shipped = (file: string): boolean => file.startsWith("src/") && !isTestCode(file);
const shippedBut =
  (...exempt: readonly RegExp[]) =>
  (file: string): boolean =>
    shipped(file) && !exempt.some((pattern) => pattern.test(file));
const everywhere = (): boolean => true;

const ROOT_FILES = /^src\/(?:main|serve)(?:\.ts|\/)/u;
const CONFIG = /^src\/config(?:\.ts|\/)/u;
const BASE = /^src\/base\//u;
/** Processes that a scenario is played by. */
const PLAYERS = /^src\/attack\/[a-z]+\/main\.ts$/u;

const sequence =
  (...wants: readonly Want[]) =>
  ({ tokens }: Scanned): readonly number[] =>
    findSequence(tokens, wants).map((index) => tokens[index]?.line ?? 0);

/** As `sequence`, for names that are no member of something: `Date`, not `clock.Date`. */
const global =
  (...wants: readonly Want[]) =>
  ({ tokens }: Scanned): readonly number[] =>
    findSequence(tokens, wants)
      .filter((index) => tokens[index - 1]?.text !== ".")
      .map((index) => tokens[index]?.line ?? 0);

const comment =
  (pattern: RegExp) =>
  ({ comments }: Scanned): readonly number[] =>
    comments.filter(({ text }) => pattern.test(text)).map(({ line }) => line);

const oneOf =
  (...names: readonly string[]): Want =>
  (token) =>
    !isString(token) && names.includes(token.text);

/** Starts of a type: what a word after `as` must be for the `as` to be an assertion. */
const startsType: Want = (token) =>
  token.text !== "const" &&
  ((token.kind >= SyntaxKind.FirstKeyword && token.kind <= SyntaxKind.LastKeyword) ||
    token.kind === SyntaxKind.Identifier ||
    isString(token) ||
    ["{", "[", "(", "<"].includes(token.text));

const endsValue = (token: Token | undefined): boolean =>
  token !== undefined &&
  (token.kind === SyntaxKind.Identifier ||
    isString(token) ||
    [")", "]", "}"].includes(token.text) ||
    token.kind === SyntaxKind.NumericLiteral ||
    token.kind === SyntaxKind.ThisKeyword);

/** `x as T`, but not `as const`, and not the renames of `import { a as b }` and `export { a as b }`. */
const assertions = ({ tokens }: Scanned): readonly number[] => {
  const renames = renameRanges(tokens);
  return findSequence(tokens, ["as", startsType])
    .filter((index) => endsValue(tokens[index - 1]))
    .filter((index) => !renames.some(([from, to]) => from < index && index < to))
    .map((index) => tokens[index]?.line ?? 0);
};

/** From the brace to the brace of each list of names that an import or export has. */
const renameRanges = (tokens: readonly Token[]): readonly (readonly [number, number])[] =>
  tokens.flatMap((token, index) => {
    if (token.text !== "{" || isString(token) || !listsNames(tokens, index)) {
      return [];
    }
    const closes = tokens.findIndex(({ text }, at) => at > index && text === "}");
    return [[index, closes] as const];
  });

/** Behind `import`, `export`, either with `type`, or `import name,`. */
const listsNames = (tokens: readonly Token[], brace: number): boolean => {
  const before = tokens.slice(Math.max(0, brace - 4), brace).map(({ text }) => text);
  return /(?:^| )(?:(?:import|export)(?: type)?|import(?: type)? [^ ]+ ,)$/u.test(before.join(" "));
};

const RUNNERS = oneOf("describe", "it", "test", "suite", "bench");

export const BANS: readonly Ban[] = [
  {
    name: "JSON.parse",
    // read-frame.ts asks it only whom to answer when the strict reader refused; path.ts reads one quoted name.
    // parse.ts reads the gate's own lines: what they say twice is `audit verify`'s to find.
    // hostile/ is as careless as servers are, and that is what it is for.
    holds: shippedBut(
      BASE,
      /^src\/wire\/read-frame\.ts$/u,
      /^src\/policy\/path\.ts$/u,
      /^src\/store\/journal\/parse\.ts$/u,
      /^src\/attack\/hostile\//u,
    ),
    find: global("JSON", ".", "parse"),
    instead: "readJson of base/json-read.ts: it refuses duplicate keys and keeps the text of numbers",
  },
  {
    name: "Date.now",
    holds: shippedBut(/^src\/base\/clock\.ts$/u),
    find: global("Date", ".", "now"),
    instead: "a Clock (base/clock.ts), handed in, so that tests hold the hands",
  },
  {
    name: "new Date()",
    holds: shippedBut(/^src\/base\/clock\.ts$/u),
    find: global("new", "Date", "(", ")"),
    instead: "new Date(clock.now()) with a Clock that is handed in",
  },
  {
    name: "Math.random",
    holds: shipped,
    find: global("Math", ".", "random"),
    instead: "crypto.getRandomValues, or uuidv7 of base/ids.ts",
  },
  {
    name: "console",
    holds: shippedBut(/^src\/main(?:\.ts|\/)/u, /^src\/cli\//u),
    find: global("console", "."),
    instead: "a Log (base/log.ts) that is handed in",
  },
  {
    name: "process.env",
    holds: shippedBut(ROOT_FILES, CONFIG, PLAYERS, /^src\/upstream\/child\.ts$/u, /^src\/cli\/terminal/u),
    find: sequence("process", ".", "env"),
    instead: "a field of Config: config.ts reads the environment once",
  },
  {
    name: "process.exit",
    holds: shippedBut(ROOT_FILES, PLAYERS),
    find: sequence("process", ".", "exit", "("),
    instead: "the exit code as a returned value; main.ts ends the process",
  },
  { name: "eval", holds: everywhere, find: global("eval", "("), instead: "a table of functions" },
  { name: "new Function", holds: everywhere, find: global("new", "Function"), instead: "a closure" },
  {
    name: "new RegExp",
    // config/servers.ts builds one from a limit, upstream/mask.ts from escaped secrets.
    holds: shippedBut(BASE, /^src\/config\/servers\.ts$/u, /^src\/upstream\/mask\.ts$/u),
    find: global("RegExp", "("),
    instead: "a regular expression literal, or the RE2 engine where the pattern comes from outside",
  },
  {
    name: "require",
    holds: everywhere,
    find: global(oneOf("require", "createRequire"), "("),
    instead: "an import",
  },
  {
    name: "new URL of a .ts file",
    holds: shipped,
    find: global("new", "URL", "(", (token) => isString(token) && /^\.\.?\/.*\.ts$/u.test(token.text)),
    instead: "new URL(`./name${extname(import.meta.url)}`, import.meta.url): the build has .js there",
  },
  {
    name: "export default",
    holds: (file) => file !== "vitest.config.ts",
    find: sequence("export", "default"),
    instead: "a named export",
  },
  {
    name: "export *",
    holds: everywhere,
    find: sequence("export", "*"),
    instead: "an import of the file that has it: no barrels",
  },
  {
    name: "enum",
    holds: everywhere,
    find: sequence("enum", (token) => token.kind === SyntaxKind.Identifier),
    instead: "a table `as const` and the union of its values",
  },
  {
    name: "namespace",
    holds: everywhere,
    find: sequence(oneOf("namespace", "module"), (token) => token.kind === SyntaxKind.Identifier, "{"),
    instead: "a module",
  },
  {
    name: "as",
    holds: shippedBut(/^src\/wire\//u),
    find: assertions,
    instead: "a type guard (`is`), `satisfies`, or a function that checks and returns the type",
  },
  {
    name: "skipped or focused tests",
    holds: everywhere,
    find: global(RUNNERS, ".", oneOf("skip", "only", "todo", "skipIf", "runIf", "fails")),
    instead: "a test that runs everywhere, or none",
  },
  {
    name: "mocked modules",
    holds: everywhere,
    find: global("vi", ".", oneOf("mock", "doMock")),
    instead: "the real thing in memory: ports are handed in",
  },
  {
    name: "@ts-ignore",
    holds: everywhere,
    find: comment(/@ts-(?:ignore|nocheck|expect-error)\b/u),
    instead: "a type that says what is so",
  },
  {
    name: "a lint rule switched off without its reason",
    holds: everywhere,
    find: comment(/(?:eslint|oxlint)-disable(?!.* -- \S)/u),
    instead: "code that passes, or `-- why` behind the rule's name",
  },
  {
    name: "TODO",
    holds: everywhere,
    find: comment(/\b(?:TODO|FIXME|XXX)\b/u),
    instead: "the thing itself, or nothing",
  },
];

/** Looks for everything on the ban list in every file. */
export const checkBans = (modules: Modules): readonly Violation[] => {
  const found: Violation[] = [];
  for (const [file, scanned] of modules.scanned) {
    for (const ban of BANS.filter(({ holds }) => holds(file))) {
      for (const line of ban.find(scanned)) {
        found.push({ file, line, what: `${ban.name} is not written here`, fix: `write ${ban.instead}` });
      }
    }
  }
  return found;
};
