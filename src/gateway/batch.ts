import { randomUUID } from "node:crypto";
import { REFUSALS } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import type { Frame, Unreadable } from "../wire/frame.ts";
import { methodRow } from "../wire/methods.ts";
import { readBatch } from "../wire/read-frame.ts";
import { errorReply } from "../wire/replies.ts";
import { readModernMeta } from "../wire/revisions.ts";
import { receive, type Arrival, type Came, type Received } from "./edge.ts";
import type { Sink } from "./sink.ts";

/** The revision that has batches, and the only one (2025-03-26 "Batching"; taken out again in 2025-06-18). */
const WITH_BATCHES = "2025-03-26";

/** What came as one message of such a session, if it is a batch: its elements, each to be judged, answered and recorded alone. */
export const elementsOf = (
  arrival: Arrival,
  came: Came,
  revision: string | undefined,
): readonly Received[] | "too_many" | undefined => {
  if (revision !== WITH_BATCHES || !("text" in came) || !came.text.trimStart().startsWith("[")) {
    return undefined;
  }
  const read = readBatch(came.text);
  if (!Array.isArray(read)) {
    return undefined;
  }
  if (read.length > LIMITS.batch_elements_max) {
    return "too_many";
  }
  const collected = collect(arrival.sink, read.length);
  return read.map((element) =>
    receive({
      ...arrival,
      requestId: randomUUID(),
      read: async () => ({ element: ofItsRevision(element) }),
      sink: collected(element),
    }),
  );
};

/** A batch belongs to its session: what says that it is of another revision, which has no batches, is refused. */
const ofItsRevision = (element: Frame | Unreadable): Frame | Unreadable => {
  if (element.kind !== "request" && element.kind !== "notification") {
    return element;
  }
  const { method } = element;
  return readModernMeta(element.params).kind === "legacy"
    ? element
    : {
        kind: "unreadable",
        code: "invalid_request",
        reason: "A batch holds messages of its session's revision.",
        id: element.kind === "request" ? element.id : undefined,
        method: methodRow(method) === undefined ? undefined : method,
      };
};

const isUnanswered = ({ kind }: Frame | Unreadable): boolean =>
  kind === "notification" || kind === "response";

/** The call ran, and its answer has no room beside the others. */
const tooLong = (element: Frame | Unreadable): string =>
  errorReply(
    element.kind === "request" ? element.id : undefined,
    REFUSALS.overloaded.rpc,
    "The answers of this batch are too long together. This request was carried out.",
  );

/** One sink for each element; when all have answered, what they said goes out as one answer. */
const collect = (whole: Sink, elements: number): ((element: Frame | Unreadable) => Sink) => {
  const answers: string[] = [];
  let characters = 0;
  let open = elements;
  const settle = (): void => {
    open -= 1;
    if (open > 0) {
      return;
    }
    if (answers.length === 0) {
      whole.end(202); // Notifications and responses alone have no answer.
    } else {
      whole.answer(200, `[${answers.join(",")}]`);
    }
  };
  const add = (text: string, element: Frame | Unreadable): void => {
    const fits = answers.length === 0 || characters + text.length <= LIMITS.batch_characters_max;
    const answer = fits ? text : tooLong(element);
    characters += answer.length;
    answers.push(answer);
  };
  return (element) => {
    let settled = false;
    const once = (text?: string): void => {
      if (settled) {
        return;
      }
      settled = true;
      if (text !== undefined) {
        add(text, element);
      }
      settle();
    };
    return {
      interim: whole.interim,
      get takesInterim() {
        return whole.takesInterim;
      },
      isRead: whole.isRead,
      follow: whole.follow,
      // JSON-RPC 2.0 section 6: what is no request is not answered, not even with an error.
      answer: (_, text) => once(isUnanswered(element) ? undefined : text),
      end: () => once(),
      onGone: whole.onGone,
      flushed: whole.flushed,
    };
  };
};
