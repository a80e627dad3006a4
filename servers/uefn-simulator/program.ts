import { createInterface } from "node:readline";
import { complain } from "../mcp/complain.ts";
import { PACKAGE_VERSION } from "../mcp/version.ts";
import { FAULT_KINDS } from "./faults.ts";
import { optionsOf, wordsAsked, type Options } from "./options.ts";
import { simulator } from "./simulator.ts";

const COMMAND = "tollgate-uefn-simulator";

const HELP = `The editor's side of the bridge's wire, without an editor: a level in memory behind the listener's HTTP.

  --port N            the port (0: any free one); without it the first free one of --ports FIRST-LAST (8765-8770)
  --journal FILE      a line of JSON for each command that runs, nested ones too
  --shutdown KIND     deferred: answers, then stops; hanging: its caller times out, and it stops all the same
  --timeout-ms N      when a caller is told that a command timed out (30000)
  --fault KIND[:COMMAND][:N]
                      ${FAULT_KINDS.join(", ")}; may be given again
  --slow-ms N         how late slow answers are (2000)
  --secret-file FILE  who posts must know the secret in it (or in the variable UEFN_SECRET)
  -h, --help          says this
  -V, --version       says its version

After a shutdown the process lives on, as the editor does. The line "start" on standard input starts the listener again.
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const run = async (options: Options): Promise<void> => {
  const listener = simulator(options);
  const start = async (ports: readonly number[]): Promise<void> =>
    say(`uefn simulator on ${String(await listener.start(ports))}`);
  await start(options.ports);
  listener.onStopped = () => say("uefn simulator stopped listening");
  // Keeps the process alive while nothing listens.
  setInterval(() => {}, 60_000);
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === "start" && !listener.isListening) {
      await start([listener.port]);
    }
  }
};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What is asked for; `undefined` where that is answered. */
const asked = (args: readonly string[]): Options | undefined => {
  try {
    const words = wordsAsked(args);
    if (words === undefined) {
      return optionsOf(args, process.env);
    }
    process.stdout.write(words === "help" ? HELP : `${PACKAGE_VERSION}\n`);
    return undefined;
  } catch (error) {
    complain(COMMAND, `${reasonOf(error)}\n\n${HELP}`);
    process.exitCode = 2;
    return undefined;
  }
};

const options = asked(process.argv.slice(2));
if (options !== undefined) {
  run(options).catch((error: unknown) => {
    complain(COMMAND, reasonOf(error));
    process.exit(1);
  });
}
