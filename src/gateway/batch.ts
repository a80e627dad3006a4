import { randomUUID } from "node:crypto";
import { LIMITS } from "../base/limits.ts";
import { readBatch } from "../wire/read-frame.ts";
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
      read: async () => ({ element }),
      sink: collected(),
    }),
  );
};

/** One sink for each element; when all have answered, what they said goes out as one answer. */
const collect = (whole: Sink, elements: number): (() => Sink) => {
  const answers: string[] = [];
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
  return () => {
    let settled = false;
    const once = (text?: string): void => {
      if (settled) {
        return;
      }
      settled = true;
      if (text !== undefined) {
        answers.push(text);
      }
      settle();
    };
    return {
      interim: whole.interim,
      takesInterim: whole.takesInterim,
      follow: whole.follow,
      answer: (_, text) => once(text),
      end: () => once(),
      onGone: whole.onGone,
      flushed: () => undefined,
    };
  };
};
