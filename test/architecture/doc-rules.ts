import { posix } from "node:path";
import { IMPORT_TABLE, type Row } from "./import-table.ts";
import type { Tree, Violation } from "./tree.ts";

const DOCUMENTS = /^(?:[^/]+\.md|(?:docs|examples|bench|servers)\/.*\.md)$/u;

const documents = (tree: Tree): readonly string[] => [...tree.keys()].filter((file) => DOCUMENTS.test(file));

/** `[text](target)` outside code; the target without a title. */
const LINK = /\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/gu;
const EXTERNAL = /^(?:[a-z][a-z+.-]*:|\/\/)/iu;

interface DocLine {
  readonly number: number;
  readonly text: string;
  readonly fenced: boolean;
}

const linesOf = (text: string): readonly DocLine[] => {
  let fenced = false;
  return text.split("\n").map((line, index) => {
    const fence = /^\s*(?:```|~~~)/u.test(line);
    const inside = fenced || fence;
    fenced = fence ? !fenced : fenced;
    return { number: index + 1, text: line, fenced: inside };
  });
};

const withoutCode = (line: string): string => line.replaceAll(/`[^`]*`/gu, "");

/** Relative links must lead to a file or folder that is there, and `#…` to a heading in it. */
export const checkLinks = (tree: Tree): readonly Violation[] =>
  documents(tree).flatMap((file) =>
    linesOf(tree.get(file) ?? "")
      .filter(({ fenced }) => !fenced)
      .flatMap(({ number, text }) =>
        [...withoutCode(text).matchAll(LINK)]
          .map((match) => match[1] ?? "")
          .filter((target) => !EXTERNAL.test(target) && !leadsSomewhere(tree, file, target))
          .map((target) => ({
            file,
            line: number,
            what: `links to ${target}, which is not there`,
            fix: "correct the link, or write the page",
          })),
      ),
  );

const leadsSomewhere = (tree: Tree, file: string, target: string): boolean => {
  const [path = "", anchor] = target.split("#");
  const to = path === "" ? file : posix.normalize(posix.join(posix.dirname(file), decodeURI(path)));
  const page = tree.get(to);
  if (page === undefined) {
    const folder = to.endsWith("/") ? to : `${to}/`;
    return [...tree.keys()].some((name) => name.startsWith(folder));
  }
  return anchor === undefined || !to.endsWith(".md") || anchorsOf(page).has(anchor);
};

/** Anchors as the common forges make them of headings. */
const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set(
    linesOf(text)
      .filter(({ text: line, fenced }) => !fenced && /^#{1,6} /u.test(line))
      .map(({ text: line }) =>
        line
          .replace(/^#+ /u, "")
          .trim()
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}_\- ]/gu, "")
          .replaceAll(" ", "-"),
      ),
  );

interface Package {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const readPackage = (tree: Tree): Package => ({
  scripts: {},
  dependencies: {},
  devDependencies: {},
  ...(JSON.parse(tree.get("package.json") ?? "{}") as Partial<Package>),
});

const NPM_RUN = /\bnpm (?:run (?:-s )?([a-z][a-z0-9:-]*)|(start|test)\b)/gu;

/** Every `npm run NAME` that a document names is a script. */
export const checkCommands = (tree: Tree): readonly Violation[] => {
  const { scripts } = readPackage(tree);
  return documents(tree).flatMap((file) =>
    linesOf(tree.get(file) ?? "").flatMap(({ number, text }) =>
      [...text.matchAll(NPM_RUN)]
        .map((match) => match[1] ?? match[2] ?? "")
        .filter((name) => !Object.hasOwn(scripts, name))
        .map((name) => ({
          file,
          line: number,
          what: `names the script ${name}, which package.json does not have`,
          fix: "correct the name, or add the script",
        })),
    ),
  );
};

const DEPENDENCIES = "docs/decisions/dependencies.md";
const ROW = /^\| `([^`]+)` \| \S/gmu;

/** Every dependency is pinned, and has its line with what it is for. */
export const checkDependencies = (tree: Tree): readonly Violation[] => {
  const { dependencies, devDependencies } = readPackage(tree);
  const versions = { ...dependencies, ...devDependencies };
  const told = new Set([...(tree.get(DEPENDENCIES) ?? "").matchAll(ROW)].map((match) => match[1] ?? ""));
  const untold = Object.keys(versions)
    .filter((name) => !told.has(name))
    .map((name) => ({
      file: DEPENDENCIES,
      line: 0,
      what: `has no line for ${name}`,
      fix: `add a row | \`${name}\` | what for | why it and not its rival |`,
    }));
  const gone = [...told]
    .filter((name) => !Object.hasOwn(versions, name))
    .map((name) => ({
      file: DEPENDENCIES,
      line: 0,
      what: `has a line for ${name}, which is no dependency`,
      fix: "delete the line",
    }));
  const loose = Object.entries(versions)
    .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[0-9a-z.]+)?$/iu.test(version))
    .map(([name, version]) => ({
      file: "package.json",
      line: 0,
      what: `does not pin ${name} (${version})`,
      fix: "write the exact version",
    }));
  return [...untold, ...gone, ...loose];
};

interface Lock {
  readonly packages?: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >;
}

/**
 * Binaries come as optional packages, one a platform. `npm ci` refuses a lock file that leaves out any of them, on
 * every machine, and npm itself leaves out what it could not find when it wrote the file.
 */
export const checkLock = (tree: Tree): readonly Violation[] => {
  const { packages = {} } = JSON.parse(tree.get("package-lock.json") ?? "{}") as Lock;
  return Object.entries(packages).flatMap(([owner, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${owner}/node_modules/${name}` in packages),
      )
      .map((name) => ({
        file: "package-lock.json",
        line: 0,
        what: `leaves out ${name}, an optional package of ${owner.replace(/^.*node_modules\//u, "")}`,
        fix: "pin a version of the owner that has all its packages in the registry, and write the lock file anew",
      })),
  );
};

const DECISION = /^docs\/decisions\/([^/]+)\.md$/u;
const SECTIONS = ["## Context", "## Decision", "## Consequences"];

/** Decision pages are numbered in a row, have one form, and stand in the index. */
export const checkDecisions = (tree: Tree): readonly Violation[] => {
  const index = tree.get("docs/decisions/README.md") ?? "";
  const pages = [...tree.keys()]
    .filter((file) => DECISION.test(file) && !/\/(?:README|dependencies)\.md$/u.test(file))
    .toSorted();
  return pages.flatMap((file, at) => {
    const name = file.slice("docs/decisions/".length);
    const page = tree.get(file) ?? "";
    const number = String(at + 1).padStart(4, "0");
    const complaints = [
      ...(new RegExp(`^${number}-[a-z0-9]+(?:-[a-z0-9]+)*\\.md$`, "u").test(name)
        ? []
        : [`is not named ${number}-some-title.md`]),
      ...(index.includes(`(${name})`) ? [] : ["is not in docs/decisions/README.md"]),
      ...SECTIONS.filter((section) => !page.includes(`\n${section}\n`)).map(
        (section) => `has no "${section}"`,
      ),
    ];
    return complaints.map((what) => ({
      file,
      line: 0,
      what,
      fix: "see docs/decisions/README.md for the form",
    }));
  });
};

const cell = (entries: readonly string[]): string =>
  entries.length === 0 ? "–" : entries.map((entry) => `\`${entry}\``).join(" ");

/** A row of the import table as ARCHITECTURE.md has it. */
export const documentedRow = (row: Row): string =>
  `| \`${row.room}\` | ${cell(row.may)} | ${cell(row.npm)} | ${cell(row.node)} |`;

/** The import table in words is the import table that is checked. */
export const checkImportTablePage = (tree: Tree): readonly Violation[] => {
  const lines = new Set((tree.get("ARCHITECTURE.md") ?? "").split("\n"));
  return IMPORT_TABLE.filter((row) => !lines.has(documentedRow(row))).map((row) => ({
    file: "ARCHITECTURE.md",
    line: 0,
    what: `says something else of what ${row.room} may import than test/architecture/import-table.ts`,
    fix: `write the row ${documentedRow(row)}`,
  }));
};
