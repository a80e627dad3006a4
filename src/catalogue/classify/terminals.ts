import type { KnownArgument } from "./argument-kinds.ts";
import type { Known } from "./meta.ts";
import type { Clause } from "./prose-clauses.ts";
import { formsOf, list, nameWords, setOf } from "./words.ts";

/** What is typed into a terminal is a command line, whatever the argument is called. */

const TERMINALS = setOf(
  "terminal terminals tty pty tmux shell repl ssh telnet xterm iterm iterm2 zsh bash powershell stdin vim nvim neovim emacs",
);
/** Words that leave a name about the terminal itself. */
const BARE = setOf("session window tab pane tool mcp integrated interactive active my the input");

const SENDS: ReadonlySet<string> = new Set(
  list("send write type feed paste enter press interact input put pipe stdin keys keystrokes").flatMap(
    (verb) => formsOf(verb).map(([form]) => form),
  ),
);
/** Verbs with which keys and texts are only asked for. */
const ASKS =
  setOf(`get list read search find show view describe explain help suggest capture rename close save set
  create delete`);
/** Ends of names of what belongs to a terminal and is not typed into it. */
const BESIDE =
  setOf(`config configuration settings profile theme log logs history output title name color colour help docs
  script scripts prompt shortcuts`);

const TYPED = setOf(
  "input inputs text keys key keystrokes data line lines stdin chars characters character char letter string content sequence",
);
const TO_PROCESSES = setOf("input stdin line lines data keys keystrokes");
const PROCESSES = setOf("pid processid process sessionid session terminalid ptyid shellid");
/** Arguments that say which pane is meant. */
const PANES = setOf("pane paneid panetarget terminalid ptyid ttyid tmuxsession");

/** Beside these keys go to an element of a page, and texts into a file. */
const ELSEWHERE =
  setOf(`selector ref element elementid uid locator xpath path file filepath filename recipient to channel
  email phone`);

const squash = (name: string): string => nameWords(name).join("");

const has = (words: readonly string[], known: ReadonlySet<string>): boolean =>
  words.some((word) => known.has(word));

/** What is told of a tool, as far as it concerns terminals. */
interface Told {
  readonly words: readonly string[];
  readonly clause: Clause;
  readonly names: ReadonlySet<string>;
}

/** "Types into the terminal", but not "writes a shell script". */
const isSending = ({ clause }: Told): boolean =>
  SENDS.has(clause[0] ?? "") &&
  clause.some(
    (word, at) =>
      TERMINALS.has(word) &&
      !BESIDE.has(clause[at + 1] ?? "") &&
      clause.slice(Math.max(0, at - 4), at).some((before) => INTO.has(before)),
  );
const INTO = setOf("to into in with");

/** Its name is about a terminal and nothing else. */
const isBare = ({ words }: Told): boolean =>
  has(words, TERMINALS) && words.every((word) => TERMINALS.has(word) || BARE.has(word));

/** `write_to_terminal`: the name says it, or the first sentence. */
const isTerminal = (told: Told): boolean => {
  const { words, clause, names } = told;
  const about = has([...words, ...clause], TERMINALS) || [...names].some((name) => PANES.has(name));
  return about && has(words, SENDS);
};

/** `send_process_input { pid, input }`, `console { line }`: what runs there may be a shell. */
const isProcess = ({ words, names }: Told): boolean =>
  (words.includes("process") && has(words, SENDS) && [...names].some((name) => PROCESSES.has(name))) ||
  (words.includes("console") && (words.length === 1 || has(words, SENDS)));

const isElsewhere = ({ words, names }: Told): boolean =>
  [...names].some((name) => ELSEWHERE.has(name)) ||
  ASKS.has(words[0] ?? "") ||
  BESIDE.has(words.at(-1) ?? "");

/** Names of what is typed there. */
const typedNames = (told: Told): ReadonlySet<string> => {
  if (isSending(told) || isBare(told)) {
    return TYPED;
  }
  if (isElsewhere(told)) {
    return NONE;
  }
  return isTerminal(told) ? TYPED : isProcess(told) ? TO_PROCESSES : NONE;
};
const NONE: ReadonlySet<string> = new Set();

/** Paths of the arguments that are typed into a terminal or into a program that runs. */
export const typedIn = ({ name, prose, arguments: all }: Known): readonly string[] => {
  const names = new Set(all.map((argument) => squash(argument.name)));
  const typed = typedNames({ words: name.words, clause: prose.clauses[0] ?? [], names });
  return all
    .filter((argument) => isFree(argument) && typed.has(squash(argument.name)))
    .map(({ path }) => path);
};

const isFree = ({ types, values }: KnownArgument): boolean =>
  values.length === 0 && (types.length === 0 || types.includes("string") || types.includes("array"));
