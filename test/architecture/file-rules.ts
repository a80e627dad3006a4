import { codeFiles, isTest, isTestCode, type Modules, type Tree, type Violation } from "./tree.ts";

const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|property\.test|config|generated|d))?\.tsx?$/u;
const KEBAB_FOLDER = /^[a-z0-9]+(?:-[a-z0-9]+)*$/u;

export const LINES_MAX = 300;
const TEST_LINES_MAX = 600;

export const checkNames = (tree: Tree): readonly Violation[] =>
  codeFiles(tree)
    .filter((file) => {
      const parts = file.split("/");
      const name = parts.pop() ?? "";
      return !KEBAB.test(name) || !parts.every((folder) => KEBAB_FOLDER.test(folder));
    })
    .map((file) => ({
      file,
      line: 0,
      what: "is not named in kebab-case",
      fix: "write the name in small letters and digits with hyphens between words",
    }));

const isShipped = (file: string): boolean => /^(?:src|servers)\//u.test(file);

const isHandWritten = (file: string): boolean => !file.endsWith(".generated.ts");

export const checkLengths = (tree: Tree): readonly Violation[] =>
  codeFiles(tree)
    .filter(isHandWritten)
    .flatMap((file) => {
      const max = isShipped(file) && !isTestCode(file) ? LINES_MAX : TEST_LINES_MAX;
      const lines = (tree.get(file) ?? "").trimEnd().split("\n").length;
      return lines <= max
        ? []
        : [
            {
              file,
              line: max + 1,
              what: `has ${String(lines)} lines; ${String(max)} are the most`,
              fix: "split it where it changes its subject",
            },
          ];
    });

/** Started as processes of their own, by a name that has the suffix of the build. */
const PROCESSES = [
  "servers/node-orchestrator/supervisor.ts",
  "src/attack/hostile/main.ts",
  "src/attack/leash.ts",
  "src/attack/agent/main.ts",
  "src/attack/relay/main.ts",
];

/**
 * Files that nothing runs. What ships must be reachable from `src/main.ts` or the `main.ts` of a server, or from a
 * script that makes something which ships; test code of the rooms from a test.
 */
export const checkDeadFiles = (tree: Tree, modules: Modules): readonly Violation[] => {
  const sources = codeFiles(tree).filter(isShipped);
  const tests = codeFiles(tree).filter(isTest);
  const tested = reach(tests, modules);
  const scripts = [...tree.keys()].filter((file) => file.startsWith("scripts/"));
  const servers = sources.filter((file) => /^servers\/[^/]+\/main\.ts$/u.test(file));
  const shipped = reach(["src/main.ts", ...servers, ...PROCESSES, ...scripts], modules);
  return sources
    .filter((file) => !(isTestCode(file) ? tested : shipped).has(file))
    .map((file) => ({
      file,
      line: 0,
      what: isTestCode(file) ? "is run by no test" : "is not reachable from a main.ts",
      fix: "import it where it is needed, or delete it",
    }));
};

const reach = (from: readonly string[], modules: Modules): ReadonlySet<string> => {
  const next = new Map<string, string[]>();
  for (const edge of modules.edges) {
    if (edge.to !== undefined) {
      next.set(edge.from, [...(next.get(edge.from) ?? []), edge.to]);
    }
  }
  const seen = new Set(from);
  // A set yields what is added while it is walked.
  for (const file of seen) {
    for (const to of next.get(file) ?? []) {
      seen.add(to);
    }
  }
  return seen;
};

/** Relative imports must name a file that is there, with its suffix. */
export const checkTargets = (tree: Tree, modules: Modules): readonly Violation[] =>
  modules.edges
    .filter(({ to, from }) => to !== undefined && !tree.has(to) && from.startsWith("src/") && !isData(to))
    .map(({ from, line, specifier }) => ({
      file: from,
      line,
      what: `imports ${specifier}, which is not there`,
      fix: "name the file as it is, with .ts at its end",
    }));

/** Files that are read at run time, and folders: not modules. */
const isData = (path: string): boolean => !/\.(?:ts|tsx|js|mjs)$/u.test(path);
