import { member } from "../base/json-value.ts";
import type { RequestFrame } from "../wire/frame.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Spoken } from "./port.ts";

const asked = (initialize: RequestFrame): string => {
  const revision = initialize.params === undefined ? undefined : member(initialize.params, "protocolVersion");
  return typeof revision === "string" ? revision : "2025-11-25";
};

/** What is spoken before the server has answered an `initialize`. */
export const asking = (initialize: RequestFrame): Spoken => ({
  era: "legacy",
  revision: asked(initialize),
  hello: {},
});

/**
 * What is spoken after it. Where the server refused, what was asked for: the answer is the client's to read. Throws
 * `UpstreamFailure` `nonsense` where a result names no revision.
 */
export const agreed = (initialize: RequestFrame, { frame }: Answer): Spoken => {
  if (frame.result === undefined) {
    return asking(initialize);
  }
  const revision = member(frame.result, "protocolVersion");
  if (typeof revision !== "string") {
    throw new UpstreamFailure("nonsense", "The server's answer to initialize names no revision.");
  }
  return { era: "legacy", revision, hello: frame.result };
};
