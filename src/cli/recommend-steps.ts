import { isAbsolute, relative } from "node:path";
import type { ServerStart } from "./ports.ts";

/** What to do with a policy that was written: lines to copy. */

export interface Written {
  /** As it was given. */
  readonly file: string;
  /** Absolute. */
  readonly absolute: string;
  /** The same as tollgate.json would write it. */
  readonly path: string;
  /** Names for a policy and a grant that are not taken. */
  readonly policy: string;
  readonly grant: string;
  /** Absent where only its tools are known. */
  readonly server: string | undefined;
  readonly isConfigured: boolean;
  /** How the configuration starts it, where that can be written down. */
  readonly start: ServerStart | undefined;
  /** Where the lines are pasted. */
  readonly cwd: string;
}

const IDENTITY = "you";
/** For names that only people know. */
export const SERVER = "SERVER";
const TO_FILL_IN = { command: "COMMAND", args: ["ARG"] } as const;

export const nextSteps = (written: Written): string => {
  const { file, path, policy, grant, server = SERVER, isConfigured } = written;
  const lines = {
    ...(isConfigured ? {} : { mcpServers: { [server]: TO_FILL_IN } }),
    policies: { [policy]: path },
    identities: { [IDENTITY]: {} },
    grants: { [grant]: { identity: IDENTITY, server, policy } },
  };
  const members = Object.entries(lines).map(([name, value]) => `  "${name}": ${onOneLine(value)}`);
  const stands = isConfigured ? "the policy stands" : "server and policy stand";
  return [
    `${file} is written, and checks without warnings.`,
    "",
    "To use it, write into tollgate.json:",
    members.join(",\n"),
    ...fillIn(written),
    `or, once ${stands} there, make a grant by a command:`,
    `  tollgate grant create ${grant} --identity ${IDENTITY} --server ${server} --policy ${shellWord(policy)}`,
    "or put the gate around one server, for a client that starts it:",
    ...wrapLines(written),
    "",
  ].join("\n");
};

const fillIn = ({ server, isConfigured }: Written): readonly string[] =>
  isConfigured
    ? []
    : [
        server === undefined
          ? "with the server's name in place of SERVER, and its command in place of COMMAND and ARG;"
          : "with the command you scanned with in place of COMMAND and ARG;",
      ];

const wrapLines = ({ file, absolute, server, start, cwd }: Written): readonly string[] => {
  const name = server === undefined ? "" : ` --name ${server}`;
  const wrap = (policy: string, command: string): string =>
    `tollgate wrap --policy ${shellWord(policy)}${name} -- ${command}`;
  const needs = start?.env ?? [];
  const variables =
    needs.length === 0
      ? ""
      : ` It needs the variables of its entry there: ${needs.map(shellWord).join(", ")}.`;
  const command = start?.command.map(shellWord).join(" ");
  return [
    `  ${
      start === undefined || command === undefined
        ? wrap(file, "COMMAND")
        : start.cwd === cwd
          ? wrap(file, command)
          : `(cd ${shellWord(near(cwd, start.cwd))} && ${wrap(absolute, command)})`
    }`,
    ...(start === undefined ? ["with the server's own command in place of COMMAND."] : []),
    `Then the server gets the whole environment of the client, and nothing of that is masked in what it answers: a tool that shows variables shows all of them.${variables}`,
  ];
};

/** The shorter of the two. */
const near = (from: string, to: string): string => {
  const path = relative(from, to);
  return path === "" || isAbsolute(path) || path.length > to.length ? to : path;
};

const onOneLine = (value: object): string => JSON.stringify(value, undefined, 1).replaceAll(/\n\s*/g, " ");

/** For a POSIX shell. */
export const shellWord = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) && !text.startsWith("~")
    ? text
    : `'${text.replaceAll("'", String.raw`'\''`)}'`;
