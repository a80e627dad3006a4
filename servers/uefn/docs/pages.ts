import { lookup } from "node:dns/promises";
import { request as httpsRequest } from "node:https";
import type { IncomingMessage } from "node:http";
import { bodyOf, responseOf } from "../editor/exchange.ts";
import { isPublic } from "./addresses.ts";

// Pages over https from hosts that the person who started this server allowed. Each name is resolved here, and the
// connection goes to the address that was looked at.

const PAGE_BYTES_MAX = 1024 * 1024;
const REDIRECTS_MAX = 5;
const TIMEOUT_MS = 15_000;
const TEXT_TYPES = /^(?:text\/[\w.+-]+|application\/(?:json|xhtml\+xml|xml))\s*(?:;|$)/iu;

/** How the internet is reached. */
export interface Net {
  /** The addresses of a host. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  readonly isPublic: (address: string) => boolean;
  /** The answer of a page's host at this address. */
  readonly open: (url: URL, address: string, signal: AbortSignal) => Promise<IncomingMessage>;
}

export const INTERNET: Net = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  isPublic,
  open: (url, address, signal) => {
    const family = address.includes(":") ? 6 : 4;
    const request = httpsRequest(url, {
      agent: false,
      signal,
      headers: { Accept: "text/*, application/json", "Accept-Encoding": "identity" },
      lookup: (_host, { all }, done) =>
        all === true ? done(null, [{ address, family }]) : done(null, address, family),
    });
    return responseOf(request);
  },
};

export type Page =
  | { readonly kind: "page"; readonly url: string; readonly contentType: string; readonly text: string }
  | { readonly kind: "refused"; readonly problem: string };

const refused = (problem: string): Page => ({ kind: "refused", problem });

export interface PageReader {
  readonly hosts: ReadonlySet<string>;
  readonly net: Net;
}

const hostProblem = (url: URL, { hosts }: PageReader): string | undefined => {
  if (hosts.size === 0) {
    return "This server was started without hosts to read from. Start it with --docs-hosts HOST,HOST.";
  }
  if (url.protocol !== "https:" || url.port !== "" || url.username !== "" || url.password !== "") {
    return "Only plain https addresses are read: without a port, a user or a password.";
  }
  return hosts.has(url.hostname)
    ? undefined
    : `The host ${url.hostname} is not one that this server may read from. Those are: ${[...hosts].join(", ")} (--docs-hosts).`;
};

/** Follows redirects to allowed hosts only. Never rejects. */
export const readPage = async (address: string, reader: PageReader, cancel: AbortSignal): Promise<Page> => {
  const signal = AbortSignal.any([cancel, AbortSignal.timeout(TIMEOUT_MS)]);
  let url = URL.parse(address);
  try {
    for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
      if (url === null) {
        return refused("This is not an address of a page.");
      }
      const answered = await step(url, reader, signal);
      if ("kind" in answered) {
        return answered;
      }
      url = URL.parse(answered.location, url.href);
    }
    return refused("The page redirects too often.");
  } catch {
    return refused(
      signal.aborted ? "The page was not there in time." : "The page's host could not be reached.",
    );
  }
};

const step = async (
  url: URL,
  reader: PageReader,
  signal: AbortSignal,
): Promise<Page | { readonly location: string }> => {
  const wrong = hostProblem(url, reader);
  if (wrong !== undefined) {
    return refused(wrong);
  }
  const { resolve, isPublic: reachable, open } = reader.net;
  const addresses = await Promise.race([resolve(url.hostname), ended(signal)]);
  const [address] = addresses;
  if (address === undefined || !addresses.every(reachable)) {
    return refused(`The host ${url.hostname} is not on the public internet, so it is not read.`);
  }
  const response = await open(url, address, signal);
  try {
    return await pageOf(url, response);
  } finally {
    response.destroy();
  }
};

/** Rejects when it aborts: a name that nobody answers for cannot be given up otherwise. */
const ended = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("The time is over")), { once: true });
  });

/** Nothing packed was asked for: what is packed all the same is not read. */
const isPacked = ({ headers }: IncomingMessage): boolean =>
  (headers["content-encoding"] ?? "identity") !== "identity";

const pageOf = async (url: URL, response: IncomingMessage): Promise<Page | { readonly location: string }> => {
  const { statusCode = 0, headers } = response;
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
    return { location: headers.location };
  }
  const contentType = headers["content-type"] ?? "";
  if (statusCode !== 200) {
    return refused(`The page's host answered with HTTP ${String(statusCode)}.`);
  }
  if (!TEXT_TYPES.test(contentType) || isPacked(response)) {
    return refused("The page is not text.");
  }
  const body = await bodyOf(response, PAGE_BYTES_MAX);
  if (body === undefined) {
    return refused("The page is larger than 1 MiB.");
  }
  return { kind: "page", url: url.href, contentType, text: body.toString("utf8") };
};
