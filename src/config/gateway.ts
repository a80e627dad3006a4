import { resolve } from "node:path";
import { LIMITS } from "../base/limits.ts";
import type { Path, Report } from "./problems.ts";
import type { Resolver } from "./resolve.ts";
import type { ConfigShape } from "./shape.ts";

export interface GatewayConfig {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** An origin with an optional path, without a slash at its end. */
  readonly publicUrl: string | undefined;
  /** Lower-case `host` or `host:port`. */
  readonly allowedHosts: readonly string[];
  /** As the Origin header has them. */
  readonly allowedOrigins: readonly string[];
  readonly trustProxy: boolean;
  readonly limits: ClientLimits;
}

/** Bounds on what clients may have at a time. */
export interface ClientLimits {
  readonly bodyBytes: number;
  /** Of one grant. */
  readonly callsInFlight: number;
  /** Of one grant. */
  readonly openStreams: number;
  /** In all. */
  readonly sessions: number;
}

export const DEFAULT_LIMITS: ClientLimits = {
  bodyBytes: LIMITS.body_bytes_max,
  callsInFlight: LIMITS.in_flight_calls_max,
  openStreams: LIMITS.open_streams_max,
  sessions: LIMITS.sessions_max,
};

export interface StoreConfig {
  /** Absolute path of the SQLite file; `undefined`: the one in the data directory. */
  readonly sqlitePath: string | undefined;
}

export interface ReadTools {
  readonly shape: ConfigShape;
  readonly directory: string;
  readonly resolver: Resolver;
  readonly report: Report;
}

const DEFAULT_PORT = 7410;

export const readGateway = ({ shape, resolver, report }: ReadTools): GatewayConfig => {
  const written = shape.gateway ?? {};
  const resolveAll = (list: readonly string[] | undefined, key: string, read: Normalise): readonly string[] =>
    (list ?? []).flatMap((item, index) => {
      const path = ["gateway", key, index];
      const text = resolver.text(item, path);
      return text === undefined ? [] : [accept(read(text), path, report)];
    });
  const host = resolver.text(written.host ?? "127.0.0.1", ["gateway", "host"]) ?? "";
  const url =
    written.publicUrl === undefined ? undefined : resolver.text(written.publicUrl, ["gateway", "publicUrl"]);
  return {
    host: host.replace(/^\[(.*)\]$/, "$1"),
    port: written.port ?? DEFAULT_PORT,
    publicUrl: url === undefined ? undefined : accept(publicUrlOf(url), ["gateway", "publicUrl"], report),
    allowedHosts: resolveAll(written.allowedHosts, "allowedHosts", hostOf),
    allowedOrigins: resolveAll(written.allowedOrigins, "allowedOrigins", originOf),
    trustProxy: written.trustProxy ?? false,
    limits: limitsOf(written.limits),
  };
};

const limitsOf = (written: NonNullable<ConfigShape["gateway"]>["limits"] = {}): ClientLimits => ({
  bodyBytes: written.bodyBytes ?? DEFAULT_LIMITS.bodyBytes,
  callsInFlight: written.callsInFlight ?? DEFAULT_LIMITS.callsInFlight,
  openStreams: written.openStreams ?? DEFAULT_LIMITS.openStreams,
  sessions: written.sessions ?? DEFAULT_LIMITS.sessions,
});

type Normalised = string | { readonly problem: string };
type Normalise = (text: string) => Normalised;

const accept = (normalised: Normalised, path: Path, report: Report): string => {
  if (typeof normalised === "string") {
    return normalised;
  }
  report(path, normalised.problem);
  return "";
};

const isWeb = (url: URL): boolean => url.protocol === "http:" || url.protocol === "https:";

const publicUrlOf: Normalise = (text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const usable = url !== undefined && isWeb(url) && url.username === "" && url.password === "";
  return usable && url.search === "" && url.hash === ""
    ? url.href.replace(/\/$/, "")
    : { problem: "must be an http or https URL without user name, query or fragment" };
};

const originOf: Normalise = (text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const usable = url !== undefined && url.origin !== "null" && `${url.origin}/` === url.href;
  return usable ? url.origin : { problem: "must be an origin such as https://app.example.com" };
};

const hostOf: Normalise = (text) => {
  const lower = text.toLowerCase();
  const url = URL.canParse(`http://${lower}`) ? new URL(`http://${lower}`) : undefined;
  const plain = /^(?:\[[0-9a-f:.]+\]|[^\s/@?#\\*[\]:]+)(?::\d{1,5})?$/.test(lower);
  return plain && url !== undefined
    ? lower
    : { problem: "must be a host or host:port such as gate.example.com:443" };
};

export const readStore = ({ shape, directory, resolver, report }: ReadTools): StoreConfig => {
  if (shape.store?.shared !== undefined) {
    const sentence = "a database shared by several gateways is not supported by this release yet";
    report(["store", "shared"], sentence, { which: "key" });
  }
  const path = ["store", "url"];
  const url = shape.store?.url === undefined ? undefined : resolver.text(shape.store.url, path);
  if (url === undefined) {
    return { sqlitePath: undefined };
  }
  if (/^postgres(ql)?:/i.test(url)) {
    report(path, "Postgres is not supported by this release yet; use sqlite:PATH");
  } else if (!/^sqlite:(?!\/\/)[^\0?#]+$/.test(url)) {
    report(path, "must be sqlite:PATH, for example sqlite:tollgate.db");
  }
  return { sqlitePath: resolve(directory, url.replace(/^sqlite:/, "")) };
};
