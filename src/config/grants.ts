import { createHash } from "node:crypto";
import { LIMITS } from "../base/limits.ts";
import { isName, NAME_RULE } from "../base/names.ts";
import { nearest } from "../base/nearest.ts";
import { parseRfc3339 } from "../base/rfc3339.ts";
import type { Path, Report } from "./problems.ts";
import type { Resolver } from "./resolve.ts";
import type { ConfigShape, GrantShape } from "./shape.ts";

export interface ConfiguredIdentity {
  readonly name: string;
  readonly kind: "person" | "service";
  readonly groups: readonly string[];
}

/** A grant that the file declares. Its token is known by its hash only. */
export interface ConfiguredGrant {
  readonly name: string;
  readonly identity: string;
  readonly servers: readonly string[];
  readonly policy: string | undefined;
  /** SHA-256, lower-case hex; `undefined` where the store has it. */
  readonly tokenSha256: string | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined;
  readonly timezone: string;
  readonly holdMs: number;
}

interface Tools {
  readonly shape: ConfigShape;
  readonly resolver: Resolver;
  readonly report: Report;
}

export const reportName = (path: Path, report: Report): void => {
  if (!isName(String(path.at(-1)))) {
    report(path, NAME_RULE, { which: "key" });
  }
};

export const readIdentities = ({ shape, report }: Tools): readonly ConfiguredIdentity[] =>
  Object.entries(shape.identities ?? {}).map(([name, identity]) => {
    reportName(["identities", name], report);
    return { name, kind: identity.kind ?? "person", groups: identity.groups ?? [] };
  });

export const readGrants = (tools: Tools): readonly ConfiguredGrant[] => {
  const grants: ConfiguredGrant[] = [];
  const holders = new Map<string, string>();
  for (const [name, shape] of Object.entries(tools.shape.grants ?? {})) {
    const path = ["grants", name];
    reportName(path, tools.report);
    const grant = readGrant(name, shape, tools);
    const holder = grant.tokenSha256 === undefined ? undefined : holders.get(grant.tokenSha256);
    if (holder !== undefined) {
      const step = shape.token === undefined ? "tokenSha256" : "token";
      tools.report([...path, step], `the grant ${JSON.stringify(holder)} has the same token`);
    }
    if (grant.tokenSha256 !== undefined) {
      holders.set(grant.tokenSha256, name);
    }
    grants.push(grant);
  }
  return grants;
};

const readGrant = (name: string, shape: GrantShape, tools: Tools): ConfiguredGrant => {
  const path: Path = ["grants", name];
  const { report } = tools;
  reportReference(
    shape.identity,
    Object.keys(tools.shape.identities ?? {}),
    "identity",
    [...path, "identity"],
    report,
  );
  if (shape.policy !== undefined) {
    reportReference(
      shape.policy,
      Object.keys(tools.shape.policies ?? {}),
      "policy",
      [...path, "policy"],
      report,
    );
  }
  return {
    name,
    identity: shape.identity,
    servers: readServerNames(shape, path, tools),
    policy: shape.policy,
    tokenSha256: readToken(shape, path, tools),
    expiresAt: readExpiry(shape, path, report),
    timezone: readTimezone(shape, path, report),
    holdMs: shape.holdMs ?? LIMITS.hold_ms,
  };
};

const reportReference = (
  written: string,
  known: readonly string[],
  kind: string,
  path: Path,
  report: Report,
): void => {
  if (!known.includes(written)) {
    report(path, `there is no ${kind} ${JSON.stringify(written)} in this file`, {
      nearest: nearest(written, known),
    });
  }
};

const readServerNames = (
  shape: GrantShape,
  path: Path,
  { shape: { mcpServers }, report }: Tools,
): readonly string[] => {
  const known = Object.keys(mcpServers ?? {});
  if (typeof shape.server === "string") {
    reportReference(shape.server, known, "server", [...path, "server"], report);
    return [shape.server];
  }
  for (const [index, name] of shape.server.entries()) {
    const at = [...path, "server", index];
    reportReference(name, known, "server", at, report);
    if (shape.server.indexOf(name) !== index) {
      report(at, `the server ${JSON.stringify(name)} is listed twice`);
    }
  }
  return shape.server;
};

/** The hash of the grant's token. Neither the token nor its length goes into a message. */
const readToken = (shape: GrantShape, path: Path, tools: Tools): string | undefined => {
  if (shape.token !== undefined && shape.tokenSha256 !== undefined) {
    const sentence = "a grant has a `token` or a `tokenSha256`, not both";
    tools.report([...path, "tokenSha256"], sentence, { which: "key" });
  }
  return shape.tokenSha256 === undefined
    ? hashToken(shape, path, tools)
    : readHash(shape.tokenSha256, path, tools);
};

const readHash = (written: string, path: Path, { resolver, report }: Tools): string | undefined => {
  const hash = resolver.text(written, [...path, "tokenSha256"]);
  if (hash !== undefined && !/^[0-9a-fA-F]{64}$/.test(hash)) {
    report([...path, "tokenSha256"], "must be 64 hex digits");
  }
  return hash?.toLowerCase();
};

const hashToken = (shape: GrantShape, path: Path, { resolver, report }: Tools): string | undefined => {
  const token = shape.token === undefined ? undefined : resolver.text(shape.token, [...path, "token"]);
  if (token === undefined) {
    return undefined;
  }
  if (token.length < LIMITS.token_characters_min) {
    report([...path, "token"], `a token has at least ${String(LIMITS.token_characters_min)} characters`);
  } else if (!/^[\x21-\x7e]+$/.test(token)) {
    report([...path, "token"], "a token is made of visible ASCII characters, without spaces");
  }
  resolver.keepSecret(token);
  return createHash("sha256").update(token, "utf8").digest("hex");
};

const readExpiry = (shape: GrantShape, path: Path, report: Report): number | undefined => {
  const time = shape.expiresAt === undefined ? undefined : parseRfc3339(shape.expiresAt);
  if (shape.expiresAt !== undefined && time === undefined) {
    report([...path, "expiresAt"], "must be an RFC 3339 time such as 2027-01-01T00:00:00Z");
  }
  return time;
};

const readTimezone = (shape: GrantShape, path: Path, report: Report): string => {
  const zone = shape.timezone ?? "UTC";
  if (!isTimezone(zone)) {
    const near = nearest(zone, Intl.supportedValuesOf("timeZone"));
    report([...path, "timezone"], "must be an IANA time zone such as Europe/Zurich", { nearest: near });
  }
  return zone;
};

/** Offsets such as `+01:00` are taken by `Intl` too, but are no IANA names. */
const isTimezone = (zone: string): boolean => {
  try {
    return /^[A-Za-z]/.test(zone) && new Intl.DateTimeFormat("en", { timeZone: zone }).format(0) !== "";
  } catch {
    return false;
  }
};
