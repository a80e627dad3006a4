import type { KnownArgument } from "./argument-kinds.ts";
import { isFreeText, isTop, squash, type Doing } from "./free-texts.ts";
import type { Known } from "./meta.ts";
import { setOf } from "./words.ts";

/** Argument lines of programs: with `-exec` or `--output` nearly every program can do more than what it is for. */

/** Whatever is called so is given to a program. */
const LINES =
  setOf(`cmdline extraargs additionalargs rawargs extraflags cliflags cliargs cliarguments commandlineargs
  extraarguments additionalarguments rawarguments commandline rawcommand extracliargs passthroughargs`);
/** … and this where the tool is about a program, or where nothing stands beside that it could be arguments of. */
const ARGUMENTS = setOf("args argv arguments flags clioptions commandargs options opts switches");
const PLAIN = setOf("args argv");

/** Programs by whose name tools are called. */
const PROGRAMS =
  setOf(`kubectl git docker helm aws gcloud az gh npm npx pnpm yarn terraform bash sh curl psql ssh adb ansible
  podman systemctl journalctl make cargo pip uv ffmpeg ffprobe rg grep ripgrep sed awk find fd rsync wget nmap
  openssl tar zip tshark tcpdump pandoc imagemagick pdftotext exiftool ps ls cat tail du df top netstat`);
const IN_TEXT =
  /\b(?:kubectl|git|docker|curl|ripgrep|grep|ffmpeg|ffprobe|nmap|pandoc|rsync|tshark|journalctl|wget|awk|sed|openssl|imagemagick|exiftool|pdftotext|terraform|helm)\b|\b(?:with|using|by|via|through|runs?) (?:ls|ps|find|tar|du|df|tail|cat|netstat|ss|lsof|top)\b/i;

/** What else arguments may be those of. */
const CALLED =
  setOf(`name tool toolname function functionname method methodname event eventname template key format message prompt
  promptname abi contract contractaddress command cmd signature macro query sql text action operation script
  scriptpath filename keyword selector procedure formula`);

/** Options of a program, in what is said of the argument. */
const OPTION = /(?:^|[\s"'`(,])--?[a-z][\w-]*\b/;
const OPTION_NAMES = setOf("expression expr args arguments flags options opts params parameters filter");
/** "Command line arguments for the program". */
const SAYS_LINE =
  /\b(?:command[- ]line|cli|shell) (?:arguments?|flags?|options?|switches)\b|\b(?:arguments?|flags?|options?) (?:(?:that (?:are|is) )?passed (?:on |straight |directly |verbatim )*to|(?:of|for|to)) (?:the )?(?:program|binary|executable|command|process|cli|grep|git|docker|find|ffmpeg|curl|kubectl)\b/i;
/** "Program used to convert it". */
const SAYS_PROGRAM =
  /^(?:the |an? |optional |external |name of the |path (?:of|to) the )*(?:programs?|executables?|binar(?:y|ies)|(?:shell )?commands?|command lines?)\b[^.]{0,20}\b(?:used? (?:to|for)|to (?:use|run|convert|open|view|render|start|launch)|(?:which|that) (?:converts|opens|renders|formats|runs))\b/i;

/** What stands behind so much is beside the point: "… or the --url option of the CLI". */
const LEAD_CHARACTERS = 60;

const isLine = (argument: KnownArgument): boolean =>
  isFreeText(argument) && !argument.types.includes("object") && !argument.ofObjects;

const isOfOther = ({ name, beside }: KnownArgument): boolean =>
  beside.some((other) => other !== name && CALLED.has(squash(other)));

const isGiven = (argument: KnownArgument, program: boolean): boolean => {
  const called = squash(argument.name);
  const { description } = argument;
  return (
    LINES.has(called) ||
    SAYS_LINE.test(description.slice(0, LEAD_CHARACTERS)) ||
    (OPTION_NAMES.has(called) && OPTION.test(description)) ||
    (ARGUMENTS.has(called) && program && argument.types.length > 0) ||
    (PLAIN.has(called) && argument.types.length > 0 && !isOfOther(argument))
  );
};

/** Words with which a command line is a text. */
const ABOUT_LINES = setOf("explain parse validate help man lint describe format generate suggest tldr");

/** Paths of argument lines, in tools that read or run something. */
export const argumentLines = (known: Known, _acts: Doing, text: string): readonly string[] => {
  const { words } = known.name;
  if (words.some((word) => ABOUT_LINES.has(word))) {
    return [];
  }
  const program = words.some((word) => PROGRAMS.has(word)) || IN_TEXT.test(text);
  return known.arguments
    .filter((argument) => isTop(argument) && isLine(argument) && isGiven(argument, program))
    .map(({ path }) => path);
};

const APPS = setOf("app application program opener openwith viewer editor appname");
const OPENED = setOf("path file filepath url uri document target");

/** Paths of arguments that name the program something is done with. */
export const programsNamed = ({ name: { words }, arguments: all }: Known): readonly string[] =>
  all
    .filter(
      (argument) =>
        isTop(argument) &&
        isLine(argument) &&
        (SAYS_PROGRAM.test(argument.description) ||
          (words[0] === "open" &&
            APPS.has(squash(argument.name)) &&
            argument.beside.some((other) => OPENED.has(squash(other))))),
    )
    .map(({ path }) => path);
