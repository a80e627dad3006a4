import { writeJson } from "../base/json-write.ts";
import { NotCarried } from "../bridge/not-carried.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import { methodRow } from "../wire/methods.ts";
import { errorStatus } from "../wire/replies.ts";
import type { Aimed } from "./ask.ts";
import type { Desk } from "./desk.ts";
import { exchange } from "./exchange.ts";
import { failureCode } from "./failure.ts";
import { pass } from "./pass.ts";
import { admitsTask, definitionsOf, policyOf } from "./permit.ts";
import { narrow } from "./narrow.ts";
import { refusal, type Refusal } from "./refusal.ts";
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
    const narrowed = narrow(asked.frame.method, frame, policyOf(asked)?.set, {
      definitions: tools,
      isOwnTask: (taskId) => admitsTask(desk.books, asked, taskId),
    });
    // Definitions are kept as the server sent them, for their digests: what is shown of them is masked here.
    const shown = desk.mask(narrowed);
    received.arrival.sink.answer(errorStatus(frame.error, asked.era), writeJson(shown.value));
    return undefined;
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
