import type { Masker } from "../upstream/mask.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { Frame } from "../wire/frame.ts";
import { frameOf } from "../wire/read-frame.ts";

/** A server's message with the secrets masked that it echoes; the same message where it echoes none. */
export const maskFrame = (frame: Frame, masker: Masker): Frame => {
  const masked = masker.maskJson(frame.value);
  if (masked === frame.value) {
    return frame;
  }
  const read = frameOf(masked);
  if (read.kind === "unreadable") {
    throw new UpstreamFailure("nonsense", "the message cannot be read once its secrets are masked");
  }
  return read;
};
