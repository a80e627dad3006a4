import { isJsonObject, member } from "../base/json-value.ts";
import type { Json, JsonObject } from "../base/json-value.ts";

/** Every revision of the protocol that is known, oldest first. */
export const REVISIONS = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"] as const;
export type Revision = (typeof REVISIONS)[number];

/** Legacy: a session begun by `initialize`. Modern: every request carries its revision in `_meta` (2026-07-28 "Versioning"). */
export type Era = "legacy" | "modern";

const ERAS = {
  "2024-11-05": "legacy",
  "2025-03-26": "legacy",
  "2025-06-18": "legacy",
  "2025-11-25": "legacy",
  "2026-07-28": "modern",
} as const satisfies Record<Revision, Era>;

export const LATEST_LEGACY = "2025-11-25" satisfies Revision;
export const LATEST_MODERN = "2026-07-28" satisfies Revision;

export const isRevision = (text: string): text is Revision => Object.hasOwn(ERAS, text);

export const eraOf = (revision: string): Era | undefined =>
  isRevision(revision) ? ERAS[revision] : undefined;

/** Reserved keys of `_meta` (2026-07-28 "General fields"). */
export const META = {
  protocolVersion: "io.modelcontextprotocol/protocolVersion",
  clientInfo: "io.modelcontextprotocol/clientInfo",
  clientCapabilities: "io.modelcontextprotocol/clientCapabilities",
  logLevel: "io.modelcontextprotocol/logLevel",
  serverInfo: "io.modelcontextprotocol/serverInfo",
  subscriptionId: "io.modelcontextprotocol/subscriptionId",
} as const;

/** What a modern request says of itself. */
export interface ModernMeta {
  readonly kind: "modern";
  /** As written; perhaps one that is not known. */
  readonly revision: string;
  readonly clientCapabilities: JsonObject;
  readonly clientInfo: JsonObject | undefined;
  readonly logLevel: string | undefined;
}

export type MetaReading =
  | ModernMeta
  | { readonly kind: "legacy" }
  /** Modern and malformed: -32602, over HTTP with status 400 (2026-07-28 "Per-request protocol fields"). */
  | { readonly kind: "invalid"; readonly reason: string };

const LEGACY: MetaReading = { kind: "legacy" };
/** Any one of these makes a request a modern one, so that a required key left out is an error and not a change of era. */
const MARKS = [META.protocolVersion, META.clientCapabilities, META.clientInfo] as const;

const invalid = (reason: string): MetaReading => ({ kind: "invalid", reason });

const implementationOrNone = (value: Json | undefined): JsonObject | undefined | false => {
  if (value === undefined) {
    return undefined;
  }
  const good =
    isJsonObject(value) &&
    typeof member(value, "name") === "string" &&
    typeof member(value, "version") === "string";
  return good ? value : false;
};

/** Reads the per-request fields from `params._meta`. */
export const readModernMeta = (params: JsonObject | undefined): MetaReading => {
  const meta = params === undefined ? undefined : member(params, "_meta");
  if (!isJsonObject(meta) || !MARKS.some((key) => Object.hasOwn(meta, key))) {
    return LEGACY;
  }
  const revision = member(meta, META.protocolVersion);
  if (typeof revision !== "string") {
    return invalid(`_meta needs ${META.protocolVersion}, a string.`);
  }
  const clientCapabilities = member(meta, META.clientCapabilities);
  if (!isJsonObject(clientCapabilities)) {
    return invalid(`_meta needs ${META.clientCapabilities}, an object.`);
  }
  const clientInfo = implementationOrNone(member(meta, META.clientInfo));
  if (clientInfo === false) {
    return invalid(`${META.clientInfo} must be an object with a name and a version.`);
  }
  const logLevel = member(meta, META.logLevel);
  if (logLevel !== undefined && typeof logLevel !== "string") {
    return invalid(`${META.logLevel} must be a string.`);
  }
  return { kind: "modern", revision, clientCapabilities, clientInfo, logLevel };
};
