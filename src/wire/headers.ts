import { member } from "../base/json-value.ts";
import type { Json } from "../base/json-value.ts";
import type { Frame } from "./frame.ts";
import { methodRow } from "./methods.ts";
import { eraOf, META } from "./revisions.ts";
import type { Era } from "./revisions.ts";
import { decodeHeaderValue } from "./sentinel.ts";

/** Headers with lower-case names and every value that was sent, as `IncomingMessage.headersDistinct` has them. */
export type HeaderLists = Readonly<Record<string, readonly string[] | undefined>>;

export const HEADER = {
  version: "mcp-protocol-version",
  method: "mcp-method",
  name: "mcp-name",
  session: "mcp-session-id",
  paramPrefix: "mcp-param-",
} as const;

/** Why headers are refused: `header_mismatch`, save where the body lacks what the headers promise. */
export interface HeaderFault {
  readonly code: "header_mismatch" | "invalid_params";
  /** One sentence, without the values. */
  readonly reason: string;
}

/** What the body, or the session it belongs to, says the request is. */
export interface Claim {
  readonly era: Era;
  /** Of `_meta` or of the session; `undefined` for an `initialize`, whose revision is still to be agreed. */
  readonly revision: string | undefined;
}

const mismatch = (reason: string): HeaderFault => ({ code: "header_mismatch", reason });

const valuesOf = (headers: HeaderLists, name: string): readonly string[] =>
  Object.hasOwn(headers, name) ? (headers[name] ?? []) : [];

/** The one value of a header; a fault where there are several. Node joins none of these headers. */
const single = (headers: HeaderLists, name: string, label: string): string | undefined | HeaderFault => {
  const values = valuesOf(headers, name);
  return values.length > 1 ? mismatch(`The ${label} header stands more than once.`) : values[0];
};

const checkValue = (
  headers: HeaderLists,
  [name, label]: readonly [string, string],
  expected: string,
  required: boolean,
): HeaderFault | undefined => {
  const given = single(headers, name, label);
  if (typeof given === "object") {
    return given;
  }
  if (given === undefined) {
    return required ? mismatch(`The ${label} header is missing.`) : undefined;
  }
  return given === expected ? undefined : mismatch(`The ${label} header does not match the body.`);
};

/** Of a method without a row, whichever of the three the sender mirrored. */
const TARGETS = ["name", "uri", "taskId"] as const;

const expectedNames = (frame: Frame): readonly (Json | undefined)[] => {
  if (frame.kind === "response" || frame.params === undefined) {
    return [];
  }
  const { params } = frame;
  const target = methodRow(frame.method)?.target;
  return (target === undefined ? TARGETS : [target]).map((key) => member(params, key));
};

const checkName = (frame: Frame, headers: HeaderLists, required: boolean): HeaderFault | undefined => {
  const given = single(headers, HEADER.name, "Mcp-Name");
  if (typeof given === "object") {
    return given;
  }
  if (given === undefined) {
    const named = frame.kind === "request" && methodRow(frame.method)?.named === true;
    return required && named ? mismatch("The Mcp-Name header is missing.") : undefined;
  }
  const decoded = decodeHeaderValue(given);
  return decoded !== undefined && expectedNames(frame).includes(decoded)
    ? undefined
    : mismatch("The Mcp-Name header does not match the body.");
};

const checkVersion = (headers: HeaderLists, claim: Claim, required: boolean): HeaderFault | undefined => {
  if (claim.revision !== undefined) {
    return checkValue(headers, [HEADER.version, "MCP-Protocol-Version"], claim.revision, required);
  }
  const given = single(headers, HEADER.version, "MCP-Protocol-Version");
  return typeof given === "object" ? given : undefined;
};

const PROMISE: HeaderFault = {
  code: "invalid_params",
  reason: `A request of this MCP-Protocol-Version needs ${META.protocolVersion} and ${META.clientCapabilities} in _meta.`,
};

/** A header that names a modern revision over a body without its `_meta`: malformed, and not a legacy request. */
const promisesMeta = (frame: Frame, headers: HeaderLists, claim: Claim): boolean =>
  claim.era === "legacy" &&
  frame.kind === "request" &&
  valuesOf(headers, HEADER.version).some((value) => eraOf(value) === "modern");

/**
 * Compares the headers that mirror the body with the body (2026-07-28 Streamable HTTP "Server Validation"). A modern
 * request needs them; on every other message they may be left out, and may not say something else.
 */
export const checkHeaders = (frame: Frame, headers: HeaderLists, claim: Claim): HeaderFault | undefined => {
  if (promisesMeta(frame, headers, claim)) {
    return PROMISE;
  }
  const required = claim.era === "modern" && frame.kind === "request";
  const method = frame.kind === "response" ? "" : frame.method;
  return (
    checkVersion(headers, claim, required) ??
    checkValue(headers, [HEADER.method, "Mcp-Method"], method, required) ??
    checkName(frame, headers, required)
  );
};
