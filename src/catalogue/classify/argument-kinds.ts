import { LIMITS } from "../../base/limits.ts";
import type { ArgumentKind } from "../verdict.ts";
import type { Argument } from "./argument-walk.ts";
import { list, nameWords, setOf, singular } from "./words.ts";

/** How an argument's name tells what it carries. */
interface KindRow {
  readonly kind: ArgumentKind;
  /** Last words of a name, in the singular; two with a hyphen are tried first. */
  readonly names: ReadonlySet<string>;
  /** Last two words that mean something else. */
  readonly not: ReadonlySet<string>;
  readonly formats: ReadonlySet<string>;
  /** Types that can carry it. */
  readonly types: ReadonlySet<string>;
}

const TEXT = setOf("string array");
const NUMBER = setOf("number integer string");
const NONE: ReadonlySet<string> = new Set();

/** Words in front of `code` with which it is no program. */
export const SHORT_CODES =
  list(`account zip country error status currency language lang postal area auth verification exit invite promo
  response color colour reason short product station airport iata icao branch discount coupon qr bar access state region
  city locale stock otp 2fa security http class event gift confirmation dial sms totp district province type tax item
  market exchange subject fund return result sport league team airline authorization activation pin pairing referral
  line item sku morse hs cpt icd naics sort swift bank routing dialing dialling calling voucher building dress penal
  civil municipal legal genetic cheat unlock redemption recovery timezone continent`);

const PAGING_TOKENS = list(
  "page next continuation sync cursor max min pagination start skip total from to in out input output base quote new count delta",
);

const KIND_ROWS: readonly KindRow[] = [
  {
    kind: "money",
    names:
      setOf(`amount price cost fee budget tip fare salary bid payment subtotal spend wage msat sat lamport wei
      notional usd cent total-price total-amount unit-amount refund-amount`),
    not: setOf("min-tip per-page"),
    formats: NONE,
    types: NUMBER,
  },
  {
    kind: "path",
    names: setOf(`path file filename filepath dir directory folder cwd workdir file-name root-dir project-root
      output-file pathname workspace-root repo-root save-to`),
    not: setOf("json-path x-path url-path jq-path css-path field-path property-path"),
    formats: setOf("path file-path directory-path"),
    types: TEXT,
  },
  {
    kind: "url",
    names: setOf("url uri link href webhook website homepage endpoint baseurl"),
    not: NONE,
    formats: setOf("uri url uri-reference iri iri-reference"),
    types: TEXT,
  },
  {
    kind: "host",
    names: setOf("host hostname domain ip ip-address domain-name server-address fqdn nameserver"),
    not: NONE,
    formats: setOf("hostname ipv4 ipv6 idn-hostname"),
    types: TEXT,
  },
  {
    kind: "recipient",
    names:
      setOf(`to cc bcc recipient receiver invitee attendee email phone to-address email-address phone-number
      recipient-id channel channel-id chat-id to-email destination-account msisdn jid mailbox-to payee beneficiary
      destination-address forward forward-to redirect-to forwarding-address`),
    not: setOf("range-to valid-to date-to save-to author-email committer-email sender-email from-email"),
    formats: setOf("email idn-email"),
    types: TEXT,
  },
  {
    kind: "code",
    names: setOf(
      "code script javascript python js source-code lua program sourcecode python-code function-body js-code page-function expression-js elisp vimscript applescript luau code-snippet code-block",
    ),
    not: new Set(SHORT_CODES.map((word) => `${word}-code`)),
    formats: NONE,
    types: TEXT,
  },
  {
    kind: "command",
    names: setOf("command cmd shell bash argv commandline command-line shell-command"),
    not: setOf("slash-command voice-command"),
    formats: NONE,
    types: TEXT,
  },
  {
    kind: "sql",
    names: setOf("sql sql-query sql-statement cypher"),
    not: NONE,
    formats: setOf("sql"),
    types: TEXT,
  },
  {
    kind: "tool",
    names: setOf("tool tool-name tool-id tool-slug action-name command-name operation-id"),
    not: NONE,
    formats: NONE,
    types: TEXT,
  },
  {
    kind: "identifier",
    names: setOf("id uuid guid key slug sha issue-number pull-number pr-number iid arn urn ulid"),
    not: setOf(
      "api-key access-key secret-key private-key sort-key public-key channel-id chat-id recipient-id tool-id",
    ),
    formats: setOf("uuid"),
    types: setOf("string integer number array"),
  },
  {
    kind: "secret",
    names:
      setOf(`password passwd secret token credential passphrase apikey mnemonic otp cookie bearer api-key private-key
      secret-key access-key auth-token client-secret seed-phrase authorization pin-code passcode auth-code otp-code
      verification-code privatekey`),
    not: new Set(PAGING_TOKENS.map((word) => `${word}-token`)),
    formats: setOf("password"),
    types: setOf("string array"),
  },
];

/** An argument with what its name says. */
export interface KnownArgument extends Argument {
  readonly words: readonly string[];
  readonly kinds: readonly ArgumentKind[];
}

/** What an argument carries, by its name, its format and what is said of it. */
export const knowArgument = (argument: Argument): KnownArgument => {
  const words = nameWords(argument.name.slice(0, LIMITS.classified_argument_name_characters_max));
  const head = singular(words.at(-1) ?? "");
  const pair = `${words.at(-2) ?? ""}-${head}`;
  const rows = new Set(
    [...(BY_NAME.get(pair) ?? []), ...(BY_NAME.get(head) ?? [])].filter(({ not }) => !not.has(pair)),
  );
  const kinds = KIND_ROWS.filter(
    (row) =>
      (argument.types.length === 0 || argument.types.some((type) => row.types.has(type))) &&
      (rows.has(row)
        ? !denied(row.kind, argument)
        : argument.format !== "" && row.formats.has(argument.format)),
  ).map(({ kind }) => kind);
  return { ...argument, words, kinds };
};

const BY_NAME: ReadonlyMap<string, readonly KindRow[]> = (() => {
  const known = new Map<string, readonly KindRow[]>();
  for (const row of KIND_ROWS) {
    for (const name of row.names) {
      known.set(name, [...(known.get(name) ?? []), row]);
    }
  }
  return known;
})();

/** Kinds that are free text: one that may be a few fixed values only is none. */
const FREE: ReadonlySet<ArgumentKind> = new Set(["code", "command", "sql", "path", "url", "host", "tool"]);

const NO_PROGRAM =
  /\b(?:countr|postal|zip|status|iso|currency|language code|otp|verification|locale|airport|stock|ticker|invit|promo)/i;

/** Of an argument that is only named `code`, its text must say that it is a program, if it has one. */
const PROGRAM =
  /\b(?:code to|program|script|javascript|typescript|python|source|snippet|execut|run|function|lua|ruby|bash)/i;
const WHEN = /\b(?:date|year|time|day|month)\b/i;

/** Whose work it is, who sends, and the other end of what has a `from` are told nothing. */
const OWNERS = /\b(?:author|committer|tagger|sender|from)\.(?:email|phone)$/i;
const SAID = setOf("subject body message text content cc bcc html amount value");

const isTold = ({ path, name, beside }: Argument): boolean =>
  !OWNERS.test(path) &&
  !(name === "to" && beside.includes("from") && !beside.some((other) => SAID.has(other.toLowerCase())));

const denied = (kind: ArgumentKind, argument: Argument): boolean => {
  const { name, values, description } = argument;
  return (
    (values.length > 0 && FREE.has(kind)) ||
    (kind === "code" &&
      description !== "" &&
      (NO_PROGRAM.test(description) || (name === "code" && !PROGRAM.test(description)))) ||
    (kind === "recipient" && (WHEN.test(description) || !isTold(argument)))
  );
};
