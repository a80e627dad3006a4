#!/usr/bin/env node
// Nothing else is imported before the version is known: an older Node could not even read the rest.
const NODE_MAJOR_MIN = 24;
const major = Number(process.versions.node.split(".")[0]);
if (major < NODE_MAJOR_MIN) {
  process.stderr.write(
    `error: tollgate needs Node ${NODE_MAJOR_MIN} or later; this is ${process.versions.node}.\n`,
  );
  process.exitCode = 1;
} else {
  const { main } = await import("./main/run.ts");
  process.exitCode = await main(process.argv.slice(2));
}
