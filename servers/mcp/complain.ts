/** Says on standard error, in the name of a command, what is wrong. */
export const complain = (command: string, problem: string): void =>
  void process.stderr.write(`${command}: ${problem.trimEnd()}\n`);
