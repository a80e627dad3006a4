import { IMPORT_TABLE, ROOTS, SERVERS_NPM, TEST_TOOLS, type Row } from "./import-table.ts";
import { isTestCode, type Edge, type Modules, type Tree, type Violation } from "./tree.ts";

const ROWS: ReadonlyMap<string, Row> = new Map(IMPORT_TABLE.map((row) => [row.room, row]));

/** The room of a file in `src/`: its folder, or its name where it stands at the top (`config.ts` is room `config`). */
const roomOf = (file: string): string => {
  const [, first = ""] = file.split("/");
  return first.replace(/\.test\.ts$|\.ts$/u, "");
};

const isRoot = (file: string): boolean => ROOTS.has(roomOf(file));

/** What ships beside the build, in the same place as seen from it. */
const SHIPPED = /^(?:package\.json|schema\/.*)$/u;

/** Checks every import of `src/` against the table. */
export const checkImports = (tree: Tree, modules: Modules): readonly Violation[] => {
  const found = modules.unreadable.filter(({ file }) => file.startsWith("src/"));
  for (const file of tree.keys()) {
    if (file.startsWith("src/") && file.endsWith(".ts") && !isRoot(file) && !ROWS.has(roomOf(file))) {
      found.push({
        file,
        line: 0,
        what: `stands in no room: src/${roomOf(file)} is not in the import table`,
        fix: "move it into a room, or add the room to ARCHITECTURE.md with its reason in docs/decisions/",
      });
    }
  }
  for (const edge of modules.edges) {
    const violation = edge.from.startsWith("src/") ? judge(edge) : judgeOutside(edge);
    if (violation !== undefined) {
      found.push(violation);
    }
  }
  return found;
};

/** Servers that ship with the package stand alone; the console sees the contract only. */
const judgeOutside = (edge: Edge): Violation | undefined => {
  if (edge.from.startsWith("servers/")) {
    return judgeServer(edge);
  }
  const leaves =
    edge.from.startsWith("console/") &&
    edge.to?.startsWith("src/") === true &&
    edge.to !== "src/control/contract.ts";
  return leaves
    ? violation(edge, "the console imports more than the contract", "use the API of src/control/contract.ts")
    : undefined;
};

const judgeServer = (edge: Edge): Violation | undefined => {
  const { from, to, specifier } = edge;
  if (to?.startsWith("src/") === true) {
    return violation(
      edge,
      "a server imports the gateway",
      "a shipped server imports nothing of src: copy nothing, speak MCP",
    );
  }
  if (isTestCode(from)) {
    return undefined;
  }
  if (to === undefined) {
    return specifier.startsWith("node:") || SERVERS_NPM.includes(packageOf(specifier))
      ? undefined
      : violation(
          edge,
          `a server may not import the package ${packageOf(specifier)}`,
          "do without, or add it to SERVERS_NPM with a line in docs/decisions/dependencies.md",
        );
  }
  const own = from.split("/").slice(0, 2).join("/");
  return !isTestCode(to) && (to.startsWith(`${own}/`) || to.startsWith("servers/mcp/"))
    ? undefined
    : violation(
        edge,
        `a server imports ${to}`,
        "a server stands in its own folder; what all of them need is in servers/mcp",
      );
};

const judge = (edge: Edge): Violation | undefined => {
  const test = isTestCode(edge.from);
  if (edge.to !== undefined) {
    return judgeFile(edge, edge.to, test);
  }
  const row = ROWS.get(roomOf(edge.from));
  if (isRoot(edge.from) || row === undefined) {
    return undefined;
  }
  return edge.specifier.startsWith("node:") ? judgeNode(edge, row, test) : judgePackage(edge, row, test);
};

const judgeFile = (edge: Edge, to: string, test: boolean): Violation | undefined => {
  if (!to.startsWith("src/")) {
    return test || (edge.byUrl && SHIPPED.test(to))
      ? undefined
      : violation(
          edge,
          `leaves src for ${to}`,
          "what ships stands in src/: move it there, or read it as a file at run time",
        );
  }
  if (!test && isTestCode(to)) {
    return violation(
      edge,
      `imports test code, ${to}`,
      "move what both need into a file of the room that is no test",
    );
  }
  const row = ROWS.get(roomOf(edge.from));
  return isRoot(edge.from) || row === undefined || roomOf(to) === row.room
    ? undefined
    : judgeRoom(edge, to, row, test);
};

const judgeRoom = (edge: Edge, to: string, row: Row, test: boolean): Violation | undefined => {
  // The suites that every adapter of a port passes are for the adapters in memory too, wherever those stand.
  const suite = test && to.startsWith("src/store/conformance/");
  return suite || row.may.some((entry) => covers(entry, to))
    ? undefined
    : violation(edge, `${row.room} may not import ${to.slice("src/".length)}`, row.fix);
};

/** `base` covers the room; `audit/port.ts` one file; `*` in it any one name. */
const covers = (entry: string, to: string): boolean => {
  const path = to.slice("src/".length);
  if (!entry.includes("/")) {
    return roomOf(to) === entry;
  }
  const wanted = entry.split("/");
  const parts = path.split("/");
  return (
    wanted.length === parts.length && wanted.every((name, index) => name === "*" || name === parts[index])
  );
};

const judgeNode = (edge: Edge, row: Row, test: boolean): Violation | undefined => {
  const name = edge.specifier.slice("node:".length);
  return test || row.node.includes("*") || row.node.includes(name)
    ? undefined
    : violation(edge, `${row.room} may not import ${edge.specifier}`, row.fix);
};

const judgePackage = (edge: Edge, row: Row, test: boolean): Violation | undefined => {
  const name = packageOf(edge.specifier);
  return row.npm.includes(name) || (test && TEST_TOOLS.includes(name))
    ? undefined
    : violation(edge, `${row.room} may not import the package ${name}`, row.fix);
};

/** `@scope/name/file` is of `@scope/name`. */
const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

const violation = (edge: Edge, what: string, fix: string): Violation => ({
  file: edge.from,
  line: edge.line,
  what: `${what} (import "${edge.specifier}")`,
  fix,
});
