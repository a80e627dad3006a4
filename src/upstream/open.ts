import { HttpUpstream } from "./http-upstream.ts";
import type { OpenOptions, ServerSpec, Upstream } from "./port.ts";
import { SseUpstream } from "./sse-upstream.ts";
import { SharedUpstream } from "./shared-upstream.ts";
import { StdioUpstream } from "./stdio-upstream.ts";

/** A server behind the gate. Nothing is started or connected before a channel is opened. */
export const openUpstream = (spec: ServerSpec, options: OpenOptions): Upstream => {
  const { kind } = spec.transport;
  if (kind === "stdio") {
    return spec.isolation === "shared" ? new SharedUpstream(spec, options) : new StdioUpstream(spec, options);
  }
  return kind === "sse" ? new SseUpstream(spec, options) : new HttpUpstream(spec, options);
};
