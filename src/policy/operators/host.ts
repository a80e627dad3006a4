import { compileEntries, MISFIT, type Test, truth, type Use, type Verdict } from "./operator.ts";

/** The host as every scheme's is compared: WHATWG's parser for special schemes, no brackets, no one trailing dot. */
const normalHost = (host: string): string | undefined => {
  const parsed = URL.parse(`http://${host}/`)?.hostname;
  if (parsed === undefined) {
    return undefined;
  }
  const bare = parsed.startsWith("[") ? parsed.slice(1, -1) : parsed;
  const name = bare.endsWith(".") ? bare.slice(0, -1) : bare;
  return name === "" ? undefined : name;
};

/** Schemes of the WHATWG URL standard whose `\` is a `/` and whose authority needs no slashes; `file` takes no user. */
const SPECIAL = new Set(["http", "https", "ws", "wss", "ftp"]);

/** What URL parsers strip or trim before they look: C0 controls and spaces at the ends, tabs and line ends anywhere. */
// oxlint-disable-next-line no-control-regex -- the URL standard strips exactly these
const STRIPPED = /^[\u0000-\u0020]+|[\t\n\r]/g;

/** Whether something stands before an `@` in the authority, be it empty: `URL` does not tell `http://@host` apart. */
const hasUserInfo = (text: string): boolean => {
  const stripped = text.replace(STRIPPED, "");
  const colon = stripped.indexOf(":");
  const special = SPECIAL.has(stripped.slice(0, colon).toLowerCase());
  const rest = stripped.slice(colon + 1);
  const authority = special ? /^[/\\]*([^/\\?#]*)/.exec(rest)?.[1] : /^\/\/([^/?#]*)/.exec(rest)?.[1];
  return authority?.includes("@") ?? false;
};

const judge = (text: string, holds: (host: string) => boolean): Verdict => {
  const url = URL.parse(text);
  if (url === null || url.hostname === "") {
    return MISFIT;
  }
  // The second look alone would do; a parser that reads the text otherwise is caught by the first.
  if (url.username !== "" || url.password !== "" || hasUserInfo(text)) {
    return -1;
  }
  const host = normalHost(url.hostname);
  return host === undefined ? -1 : truth(holds(host));
};

interface HostEntry {
  readonly host: string;
  /** Whether it stands for the hosts below, not for itself. */
  readonly below: boolean;
}

const ENTRY_FAULT =
  "An entry is a host name such as example.com or *.example.com, without scheme, port or path.";

/** What no host name has; URL parsers strip or stop at some of these silently. */
// oxlint-disable-next-line no-control-regex -- the URL standard strips exactly these
const NOT_IN_HOST = /[\u0000-\u0020/\\?#@*[\]]/;

const readName = (name: string): string | undefined => {
  const bare = /^\[(.*)\]$/.exec(name)?.[1] ?? name;
  if (bare === "" || NOT_IN_HOST.test(bare)) {
    return undefined;
  }
  // With a port it is no IPv6 address either.
  return normalHost(bare === name && !bare.includes(":") ? bare : `[${bare}]`);
};

const readEntry = (text: string): HostEntry | string => {
  if (!text.startsWith("*.")) {
    const host = readName(text);
    return host === undefined ? ENTRY_FAULT : { host, below: false };
  }
  const host = readName(text.slice(2));
  // Nothing is below an address.
  return host === undefined || host.includes(":") || /^[\d.]+$/.test(host)
    ? ENTRY_FAULT
    : { host: `.${host}`, below: true };
};

export const compileHostIn = (use: Use): Test | undefined => {
  const entries = compileEntries(use, "host names", readEntry);
  if (entries === undefined) {
    return undefined;
  }
  const hosts = new Set(entries.filter((entry) => !entry.below).map((entry) => entry.host));
  const suffixes = entries.filter((entry) => entry.below).map((entry) => entry.host);
  const holds = (host: string): boolean =>
    hosts.has(host) || suffixes.some((suffix) => host.length > suffix.length && host.endsWith(suffix));
  return (found) => (typeof found === "string" ? judge(found, holds) : MISFIT);
};
