// Run after `npm ci` in a checkout: puts the package's commands where `npx` finds them, on the project's own Node.
// Plain JavaScript, because the system's Node may be too old for the rest.
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const bin = join(dirname(fileURLToPath(import.meta.url)), "..", "node_modules", ".bin");

/** Commands of the package, and the sources that they run here. */
const COMMANDS = {
  tollgate: "src/main.ts",
  "tollgate-node-orchestrator": "servers/node-orchestrator/main.ts",
  "tollgate-uefn": "servers/uefn/main.ts",
  "tollgate-uefn-simulator": "servers/uefn-simulator/main.ts",
};

const link = (name, source) => {
  const command = join(bin, name);
  const lines = [
    "#!/bin/sh",
    'here=$(dirname "$0")',
    'node="$here/node"',
    '[ -x "$node" ] || node=node',
    `exec "$node" "$here/../../${source}" "$@"`,
    "",
  ];
  writeFileSync(command, lines.join("\n"));
  chmodSync(command, 0o755);
};

if (existsSync(bin)) {
  Object.entries(COMMANDS).forEach(([name, source]) => link(name, source));
}
