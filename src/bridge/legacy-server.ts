import { bareObject, type JsonObject } from "../base/json-value.ts";
import { UpstreamFailure, type Channel, type Upstream } from "../upstream/port.ts";
import type { NotificationFrame, RequestFrame } from "../wire/frame.ts";
import { LATEST_LEGACY } from "../wire/revisions.ts";

const object = (members: JsonObject): JsonObject => Object.assign(bareObject(), members);

const initializeRequest = (version: string): RequestFrame => {
  const params = object({
    protocolVersion: LATEST_LEGACY,
    // The gate can carry nothing that a legacy server asks of a modern client yet, so it declares nothing.
    capabilities: bareObject(),
    clientInfo: object({ name: "tollgate", version }),
  });
  const value = object({ jsonrpc: "2.0", id: "tollgate-initialize", method: "initialize", params });
  return { kind: "request", value, id: "tollgate-initialize", method: "initialize", params };
};

const initialized: NotificationFrame = {
  kind: "notification",
  value: object({ jsonrpc: "2.0", method: "notifications/initialized" }),
  method: "notifications/initialized",
  params: undefined,
};

/** Opens a session of our own on a legacy server, to serve modern clients over it. Throws `UpstreamFailure`. */
export const openBridged = async (upstream: Upstream, version: string): Promise<Channel> => {
  const { channel, answer } = await upstream.openLegacy(initializeRequest(version));
  if (answer.frame.result === undefined) {
    await channel[Symbol.asyncDispose]();
    throw new UpstreamFailure("never_ran", "the server answered initialize with an error");
  }
  try {
    await channel.send(initialized);
  } catch (error) {
    await channel[Symbol.asyncDispose]();
    throw error;
  }
  return channel;
};
