import { isJsonArray, isJsonObject, member } from "../base/json-value.ts";
import type { JsonObject } from "../base/json-value.ts";
import { RPC } from "../base/rpc-codes.ts";
import type { RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { requestFrame } from "../wire/make-frame.ts";
import { LATEST_MODERN, META } from "../wire/revisions.ts";
import type { Answer, Spoken } from "./port.ts";

/** How long a server over stdio may be silent before it is taken for one that does not know the question. */
export const PROBE_MS = 5_000;

/** Errors that only a modern server gives (2026-07-28 "Error Codes"). */
const MODERN_ERRORS: ReadonlySet<unknown> = new Set([
  RPC.headerMismatch,
  RPC.capabilityMissing,
  RPC.unsupportedVersion,
]);

/** The gate's own question to a server, with its version. */
export const discoverRequest = (version: string): RequestFrame =>
  requestFrame("tollgate:discover", "server/discover", {
    _meta: {
      [META.protocolVersion]: LATEST_MODERN,
      [META.clientInfo]: { name: "tollgate", version },
      [META.clientCapabilities]: {},
    },
  });

export type Verdict =
  | { readonly kind: "modern"; readonly spoken: Spoken }
  | { readonly kind: "legacy" }
  /** It cannot be told from this answer, which may be another one tomorrow (credentials, overload). */
  | { readonly kind: "unsure" };

const speaksModern = (result: JsonObject): boolean => {
  const versions = member(result, "supportedVersions");
  return isJsonArray(versions) && versions.includes(LATEST_MODERN);
};

/** A modern server that does not speak our revision is asked no further: it may still take an `initialize`. */
const isModernError = ({ error }: ResponseFrame): boolean =>
  error !== undefined && MODERN_ERRORS.has(member(error, "code"));

/** Statuses that say nothing about what the server speaks. */
const TELLS_NOTHING: ReadonlySet<number> = new Set([401, 403, 407, 408, 429]);

const statusTellsNothing = (status: number): boolean => status >= 500 || TELLS_NOTHING.has(status);

/**
 * What an answer to `server/discover` says of a server (2026-07-28 "Backward Compatibility"): a discovery with our
 * revision is modern; any error, whatever its code, is legacy.
 */
export const verdictOf = (answer: Answer): Verdict => {
  const { result } = answer.frame;
  if (isJsonObject(result) && speaksModern(result)) {
    return { kind: "modern", spoken: { era: "modern", revision: LATEST_MODERN, hello: result } };
  }
  if (answer.httpStatus !== null && statusTellsNothing(answer.httpStatus) && !isModernError(answer.frame)) {
    return { kind: "unsure" };
  }
  return { kind: "legacy" };
};
