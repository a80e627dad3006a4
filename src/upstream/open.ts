import type { Clock } from "../base/clock.ts";
import { HttpUpstream } from "./http-upstream.ts";
import type { ServerSpec, Upstream } from "./port.ts";
import { SseUpstream } from "./sse-upstream.ts";
import { SharedUpstream } from "./shared-upstream.ts";
import { StdioUpstream } from "./stdio-upstream.ts";

export interface OpenOptions {
  readonly clock: Clock;
  /** Takes the secrets out of what a server wrote, before an operator sees it. */
  readonly mask: (text: string) => string;
}

/** A server behind the gate. Nothing is started or connected before a channel is opened. */
export const openUpstream = (spec: ServerSpec, options: OpenOptions): Upstream => {
  const { kind } = spec.transport;
  if (kind === "stdio") {
    return spec.isolation === "shared"
      ? new SharedUpstream(spec, options.mask)
      : new StdioUpstream(spec, options.mask);
  }
  return kind === "sse" ? new SseUpstream(spec, options.mask) : new HttpUpstream(spec, options.mask);
};
