// Run after `npm ci` in a checkout: puts `tollgate` where `npx tollgate` finds it, on the project's own Node.
// Plain JavaScript, because the system's Node may be too old for the rest.
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const bin = join(dirname(fileURLToPath(import.meta.url)), "..", "node_modules", ".bin");
const command = join(bin, "tollgate");

if (existsSync(bin)) {
  const lines = [
    "#!/bin/sh",
    'here=$(dirname "$0")',
    'node="$here/node"',
    '[ -x "$node" ] || node=node',
    'exec "$node" "$here/../../src/main.ts" "$@"',
    "",
  ];
  writeFileSync(command, lines.join("\n"));
  chmodSync(command, 0o755);
}
