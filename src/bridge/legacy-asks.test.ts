import { describe, expect, it } from "vitest";
import type { JsonObject } from "../base/json-value.ts";
import type { Frame } from "../wire/frame.ts";
import { resultFrame } from "../wire/make-frame.ts";
import { ClientAsks, lacking, type Question } from "./legacy-asks.ts";

const QUESTION: Question = { key: "k", method: "roots/list", params: undefined };

describe("a question to a legacy client", () => {
  it("is not waited for longer than is said, and is then taken back", async () => {
    const asks = new ClientAsks();
    const told: Frame[] = [];
    const exchange = {
      onInterim: (frame: Frame) => void told.push(frame),
      signal: new AbortController().signal,
    };
    expect(await asks.ask([QUESTION], exchange, 20)).toEqual({ kind: "late" });
    const [asked, taken] = told;
    expect(asked).toMatchObject({ kind: "request", method: "roots/list", params: undefined });
    expect(Object.keys(asked?.value ?? {})).toEqual(["jsonrpc", "id", "method"]);
    expect(taken).toMatchObject({
      method: "notifications/cancelled",
      params: { requestId: asked?.kind === "request" ? asked.id : "" },
    });
  });

  it("is answered once, by its own id, whatever its key is", async () => {
    const asks = new ClientAsks();
    const onInterim = (frame: Frame): void => {
      if (frame.kind === "request") {
        asks.take(resultFrame(1, { not: "mine" }));
        asks.take(resultFrame("other", { not: "mine" }));
        asks.take(resultFrame(frame.id, { first: true }));
        asks.take(resultFrame(frame.id, { first: false }));
      }
    };
    const exchange = { onInterim, signal: new AbortController().signal };
    const given = await asks.ask([{ ...QUESTION, key: "__proto__" }, QUESTION], exchange, 1_000);
    const responses = given.kind === "given" ? given.responses : {};
    expect(Object.entries(responses)).toEqual([
      ["__proto__", { first: true }],
      ["k", { first: true }],
    ]);
  });
});

describe("what a question needs of the client", () => {
  const elicit = (mode?: string): Question => ({
    key: "k",
    method: "elicitation/create",
    params: mode === undefined ? {} : { mode },
  });

  it.each<[Question, JsonObject, JsonObject | undefined]>([
    [QUESTION, {}, { roots: {} }],
    [QUESTION, { roots: {} }, undefined],
    [QUESTION, { roots: true }, { roots: {} }],
    [elicit(), { elicitation: {} }, undefined],
    [elicit("form"), { elicitation: { form: {} } }, undefined],
    [elicit("form"), { elicitation: { url: {} } }, { elicitation: { form: {} } }],
    [elicit("url"), { elicitation: { form: {} } }, { elicitation: { url: {} } }],
    [elicit("url"), { elicitation: { url: {} } }, undefined],
  ])("is told of %j with %j", (question, capabilities, expected) => {
    expect(lacking(question, capabilities)).toEqual(expected);
  });
});
