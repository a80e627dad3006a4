import { writeJson } from "../base/json-write.ts";
import { NotCarried } from "../bridge/not-carried.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { ResponseFrame } from "../wire/frame.ts";
import { methodRow } from "../wire/methods.ts";
import { errorStatus } from "../wire/replies.ts";
import { asNow } from "./as-now.ts";
import type { Aimed } from "./ask.ts";
import type { Definitions } from "./definitions.ts";
import type { Desk } from "./desk.ts";
import { exchange } from "./exchange.ts";
import { failureCode } from "./failure.ts";
import { pass } from "./pass.ts";
import { admitsTask, definitionsOf, policyOf } from "./permit.ts";
import { narrow } from "./narrow.ts";
import { isRefusal, refusal, type Refusal } from "./refusal.ts";
import type { Link } from "./link.ts";

/** Lists and housekeeping: sent as they are, answered with what the grant may see. Returns the refusal if there is one. */
export const relay = async (
  desk: Desk,
  asked: Aimed,
  link: Link | UpstreamFailure,
): Promise<Refusal | undefined> => {
  const { received, grant } = asked.identified;
  try {
    if (link instanceof UpstreamFailure) {
      throw link;
    }
    const passed = pass(asked, link);
    if (passed === undefined) {
      return refusal(received, "unknown_method", { grant, asked });
    }
    const tools =
      methodRow(asked.frame.method)?.list === "tools" ? await definitionsOf(link, asked) : undefined;
    if (tools instanceof UpstreamFailure) {
      throw tools;
    }
    const { frame } = await exchange(desk, passed);
    return show(desk, asked, frame, tools);
  } catch (error) {
    if (error instanceof UpstreamFailure) {
      return refusal(received, failureCode(error), { grant, asked });
    }
    if (error instanceof NotCarried) {
      return refusal(received, "capability_missing", {
        grant,
        asked,
        data: { requiredCapabilities: { [error.capability]: {} } },
      });
    }
    throw error;
  }
};

/** Answers with what the grant may see of it now. */
const show = (
  desk: Desk,
  asked: Aimed,
  frame: ResponseFrame,
  definitions: Definitions | undefined,
): Refusal | undefined => {
  const now = asNow(desk.gate, asked);
  if (isRefusal(now)) {
    return now;
  }
  const narrowed = narrow(asked.frame.method, frame, policyOf(now)?.set, {
    definitions,
    isOwnTask: (taskId) => admitsTask(desk.books, now, taskId),
  });
  // Definitions are kept as the server sent them, for their digests: what is shown of them is masked here.
  const shown = desk.mask(narrowed);
  const { sink } = asked.identified.received.arrival;
  sink.answer(errorStatus(frame.error, asked.era), writeJson(shown.value));
  return undefined;
};
