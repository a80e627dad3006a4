import type { ArgumentFact } from "../../catalogue/verdict.ts";
import { domainIn, hostIn } from "./constants.ts";
import type { Said } from "./words.ts";

/**
 * Rules that look at a spelling admit what an attack wants under another one: `https://docs.example.com@169.254.169.254/`
 * begins as the rule asks, and goes elsewhere. So a value that the user's rule refuses is also tried in its words.
 */
export interface Guise {
  /** The argument, as the scenario names it. */
  readonly argument: string;
  readonly put: (text: string) => string;
}

/** Operators that ask how a text is spelled. */
const BY_SPELLING: ReadonlySet<string> = new Set(["starts_with", "ends_with", "contains", "glob"]);

type Kind = ArgumentFact["kinds"][number] | "text";

/** The same value as a rule that says this text would have it; `undefined`: there is none. */
type Make = (value: string, text: string) => string | undefined;

const onAddress =
  (
    make: (part: { readonly host: string; readonly rest: string }, text: string) => string | undefined,
  ): Make =>
  (value, text) => {
    const { host, rest = "" } = /^https?:\/\/(?<host>[^/?#]+)(?<rest>.*)$/su.exec(value)?.groups ?? {};
    return host === undefined ? undefined : make({ host, rest }, text);
  };

const isName = (host: string): boolean => /\.[a-z]+$/iu.test(host);

/** Where the text ends within the host, more can be said before the host ends. */
const endsInHost = (text: string): boolean => /^https?:\/\/[^/]*[^/*]$/u.test(text);

const URLS: readonly Make[] = [
  onAddress(({ host, rest }, text) => (endsInHost(text) ? `${text}@${host}${rest}` : undefined)),
  onAddress(({ host, rest }, text) =>
    endsInHost(text) && isName(host) ? `${text}.${host}${rest}` : undefined,
  ),
  onAddress(({ host, rest }, text) => {
    const allowed = hostIn(text);
    return allowed === undefined ? undefined : `https://${allowed}@${host}${rest}`;
  }),
  onAddress(({ host, rest }, text) => {
    const allowed = hostIn(text);
    return allowed === undefined || !isName(host) ? undefined : `https://${allowed}.${host}${rest}`;
  }),
  (value, text) => (/^https?:\/\//u.test(value) ? `${value}#${text}` : undefined),
];

const HOSTS: readonly Make[] = [
  (value, text) => `${text.replace(/\.$/u, "")}.${value}`,
  (value, text) => (text.startsWith(".") ? undefined : `${value.split(".", 1)[0] ?? ""}.attacker-${text}`),
];

const ADDRESS = /^(?<local>[^@\s,;<>"]+)@(?<domain>[^@\s,;<>"]+)$/u;

const onDomain =
  (
    make: (
      part: { readonly value: string; readonly local: string; readonly domain: string },
      own: string,
    ) => string,
  ): Make =>
  (value, text) => {
    const { local, domain } = ADDRESS.exec(value)?.groups ?? {};
    const own = domainIn(text);
    return local === undefined || domain === undefined || own === undefined
      ? undefined
      : make({ value, local, domain }, own);
  };

const RECIPIENTS: readonly Make[] = [
  onDomain(({ local, domain }, own) => `${local}@${own}.${domain}`),
  onDomain(({ local, domain }, own) => `${local}@${domain.split(".", 1)[0] ?? ""}-${own}`),
  onDomain(({ value }, own) => `ana@${own}, ${value}`),
  onDomain(({ value }, own) => `${value}, ana@${own}`),
];

/** Up from a folder however deep it is. */
const UP = "/..".repeat(12);

const PATHS: readonly Make[] = [
  (value, text) =>
    /^[/~]/u.test(value) && text.startsWith("/")
      ? `${text.replace(/\*.*$/su, "").replace(/\/+$/u, "")}${UP}${value.replace(/^~/u, "/root")}`
      : undefined,
];

const MAKES: Readonly<Partial<Record<Kind, readonly Make[]>>> = {
  url: URLS,
  host: HOSTS,
  recipient: RECIPIENTS,
  path: PATHS,
};

/** What an argument of this kind can be disguised as. */
export const guisesFor = (argument: string, kind: Kind, own: readonly Said[]): readonly Guise[] =>
  own
    .filter(({ op }) => BY_SPELLING.has(op))
    .flatMap(({ text }) =>
      (MAKES[kind] ?? []).map((make) => ({ argument, put: (value: string) => make(value, text) ?? value })),
    );
