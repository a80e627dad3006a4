import { isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { UpstreamFailure, type Channel, type Upstream } from "../upstream/port.ts";
import { eraOf } from "../wire/revisions.ts";
import { notificationFrame } from "../wire/make-frame.ts";
import { HELD_LIMITS, type HeldLimits } from "./modern-held.ts";
import { ModernChannel } from "./modern-channel.ts";
import { initializeRequest } from "./modern-translate.ts";

export interface ModernOverLegacyOptions {
  /** Of the gate, for the server to read where the client does not say who it is. */
  readonly version: string;
  /** What the modern client declares. */
  readonly capabilities: JsonObject;
  readonly clientInfo?: JsonObject;
  /** How many calls may wait for their clients, and how long. */
  readonly held?: HeldLimits;
}

const refusalOf = (result: JsonObject | undefined): UpstreamFailure | undefined => {
  if (result === undefined) {
    return new UpstreamFailure("never_ran", "The server answered initialize with an error.");
  }
  const revision = member(result, "protocolVersion");
  return typeof revision === "string" && eraOf(revision) === "legacy"
    ? undefined
    : new UpstreamFailure("nonsense", "The server agreed to a revision that is none of a session.");
};

/**
 * A session of our own on a legacy server, as a channel that speaks 2026-07-28. The server is told what the client
 * declares, so that it shows the tools it would show to such a client, and may ask it. Throws `UpstreamFailure`.
 */
export const openModernOverLegacy = async (
  upstream: Upstream,
  options: ModernOverLegacyOptions,
): Promise<Channel> => {
  const { capabilities, version, clientInfo = { name: "tollgate", version } } = options;
  const { channel, answer } = await upstream.openLegacy(initializeRequest(capabilities, clientInfo));
  try {
    const { result = {} } = answer.frame;
    const refusal = refusalOf(answer.frame.result);
    if (refusal !== undefined) {
      throw refusal;
    }
    const declared = member(result, "capabilities");
    const bridged = new ModernChannel(channel, {
      hello: result,
      serverCapabilities: isJsonObject(declared) ? declared : {},
      clientCapabilities: capabilities,
      held: options.held ?? HELD_LIMITS,
    });
    await channel.send(notificationFrame("notifications/initialized"));
    return bridged;
  } catch (error) {
    await channel[Symbol.asyncDispose]();
    throw error;
  }
};
