// Imports nothing: an older Node could not even read the rest, or would fail in the middle of a call.

const NODE_MAJOR_MIN = 24;

/** Loads the program of a command, or says on standard error which Node it needs. */
export const onThisNode = async (command: string, load: () => Promise<unknown>): Promise<void> => {
  const { node } = process.versions;
  if (Number(node.split(".")[0]) >= NODE_MAJOR_MIN) {
    await load();
    return;
  }
  process.stderr.write(`${command} needs Node ${String(NODE_MAJOR_MIN)} or later; this is ${node}.\n`);
  process.exitCode = 1;
};
