import type { KnownArgument } from "./argument-kinds.ts";
import { isFreeText, isTop, saysName, squash, type Doing } from "./free-texts.ts";
import type { Known } from "./meta.ts";
import { setOf } from "./words.ts";

/** What is put where a machine runs it: a unit, a crontab, a makefile, an editor that is started, a library. */

type Find = (known: Known, acts: Doing, text: string) => readonly string[];

const PUTS =
  setOf(`add set put write install update edit replace create append save schedule configure change register enable
  load import patch modify`);
/** Files and lists of which the lines are run. */
const RUN_FROM =
  /\b(?:crontab|systemd|launchd|launch ?agent|init\.d|initd|rc\.local|makefile|justfile|rakefile|dockerfile|bashrc|zshrc|shellrc|authorized_keys|git ?hooks?|pre-?commit hooks?|udev rules?|at ?job|startup scripts?|login scripts?)\b/i;
const ABOUT = setOf(
  "explain parse validate describe lint format generate suggest search docs doc help template preview",
);
/** What it is known by, and what takes it elsewhere. */
const KNOWN_BY = setOf("name id user username host title description label path file target repo branch");

const isPlaced = (argument: KnownArgument): boolean =>
  isTop(argument) && isFreeText(argument) && !saysName(argument) && !KNOWN_BY.has(squash(argument.name));

const freeIn = (known: Known): readonly string[] => known.arguments.filter(isPlaced).map(({ path }) => path);

/** "Adds a line to the crontab", `systemd_unit { text }`. */
export const linesPlaced: Find = (known, _acts, text) => {
  const { words } = known.name;
  const first = text.split(/[.!?\n]/, 1)[0] ?? "";
  const lead = known.prose.clauses[0]?.[0] ?? "";
  return (words.some((word) => PUTS.has(word)) || PUTS.has(lead.replace(/s$/, ""))) &&
    !words.some((word) => ABOUT.has(word)) &&
    RUN_FROM.test(`${words.join(" ")} ${first}`)
    ? freeIn(known)
    : [];
};

/** Programs that are started when something is opened or compared. */
const STARTED = setOf("editor pager difftool mergetool askpass opener");
const NOT_STARTED = setOf("text content theme mode code rich setting settings state config");

/** `set_editor { value }`. */
export const startersSet: Find = (known) => {
  const { words } = known.name;
  return words.length < 4 &&
    PUTS.has(words[0] ?? "") &&
    STARTED.has(words.at(-1) ?? "") &&
    !words.some((word) => NOT_STARTED.has(word))
    ? freeIn(known)
    : [];
};

const LOADS =
  /\b(?:loads?|injects?|dlopens?|links in) (?:an? |the |your )?(?:\w+ )?(?:shared (?:library|object)|native (?:library|module|extension)|dynamic library|dylib|dll|kernel module|so file|pickle)\b/i;
const UNPICKLES = setOf("unpickle unmarshal");

/** "Loads a shared library", `unpickle { data }`: loading it runs it. */
export const librariesLoaded: Find = (known, _acts, text) =>
  LOADS.test(text) || UNPICKLES.has(known.name.words[0] ?? "")
    ? known.arguments.filter((one) => isTop(one) && isFreeText(one)).map(({ path }) => path)
    : [];

const ON = /^on(?:change|save|saved|modify|modified|edit|filechange|write|create|update|match|trigger)$/;

/** `watch { on_change }`: what is done then is written by the caller. */
export const doneOnChange: Find = (known) =>
  known.name.words.some((word) => WATCHES.has(word))
    ? known.arguments
        .filter((one) => isTop(one) && isFreeText(one) && ON.test(squash(one.name)))
        .map(({ path }) => path)
    : [];
const WATCHES = setOf("watch observe follow monitor tail");
