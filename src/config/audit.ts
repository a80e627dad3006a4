import { resolve } from "node:path";
import { LIMITS } from "../base/limits.ts";
import { nearest } from "../base/nearest.ts";
import { readServerUrl } from "./address.ts";
import type { ReadTools } from "./gateway.ts";

/** What the record keeps of a call's arguments: their names, their values with secrets masked, or everything. */
export type ArgumentsMode = "keys" | "masked" | "full";

/** Where signed heads are kept besides the data directory. */
export type HeadsPlace =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "url"; readonly url: string; readonly headers: Readonly<Record<string, string>> };

export interface AuditConfig {
  readonly durability: "process" | "disk";
  readonly arguments: ArgumentsMode;
  /** By the policy's name. */
  readonly argumentsByPolicy: Readonly<Record<string, ArgumentsMode>>;
  /** Absent: records are kept. */
  readonly retention: { readonly days: number | undefined; readonly bytes: number | undefined };
  readonly heads: { readonly everySeconds: number; readonly to: HeadsPlace | undefined };
}

export const DEFAULT_AUDIT: AuditConfig = {
  durability: "process",
  arguments: "keys",
  argumentsByPolicy: {},
  retention: { days: undefined, bytes: undefined },
  heads: { everySeconds: LIMITS.head_seconds, to: undefined },
};

export const readAudit = (tools: ReadTools): AuditConfig => {
  const { audit = {} } = tools.shape;
  return {
    durability: audit.durability ?? DEFAULT_AUDIT.durability,
    arguments: audit.arguments ?? DEFAULT_AUDIT.arguments,
    argumentsByPolicy: modesOf(tools),
    retention: { days: audit.retentionDays, bytes: audit.retentionBytes },
    heads: {
      everySeconds: audit.heads?.everySeconds ?? DEFAULT_AUDIT.heads.everySeconds,
      to: placeOf(tools),
    },
  };
};

const modesOf = ({ shape, report }: ReadTools): Readonly<Record<string, ArgumentsMode>> => {
  const { audit, policies = {} } = shape;
  for (const policy of Object.keys(audit?.argumentsByPolicy ?? {})) {
    if (!Object.hasOwn(policies, policy)) {
      const path = ["audit", "argumentsByPolicy", policy];
      report(path, `there is no policy ${JSON.stringify(policy)}`, {
        which: "key",
        nearest: nearest(policy, Object.keys(policies)),
      });
    }
  }
  return audit?.argumentsByPolicy ?? {};
};

const placeOf = ({ shape, directory, resolver, report }: ReadTools): HeadsPlace | undefined => {
  const path = ["audit", "heads"];
  const { to: written, headers: given = {} } = shape.audit?.heads ?? {};
  const headers = Object.entries(given).flatMap(([name, value]) => {
    const text = resolver.secret(value, [...path, "headers", name]);
    return text === undefined ? [] : [[name, text] as const];
  });
  const to = written === undefined ? undefined : resolver.text(written, [...path, "to"]);
  if (to === undefined || !/^[a-z][a-z0-9+.-]*:\/\//iu.test(to)) {
    if (headers.length > 0) {
      report([...path, "headers"], "only a URL is sent headers", { which: "key" });
    }
    return to === undefined ? undefined : { kind: "file", path: resolve(directory, to) };
  }
  const url = readServerUrl(to);
  if ("problem" in url) {
    report([...path, "to"], url.problem);
    return undefined;
  }
  return { kind: "url", url: url.href, headers: Object.fromEntries(headers) };
};
