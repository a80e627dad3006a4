import { describe, expect, it } from "vitest";
import type { JournalEntry } from "./journal.ts";
import { proofsOf, unseen, type Traces } from "./judge.ts";
import type { Sign } from "./scenario.ts";

const CALL: JournalEntry = {
  kind: "call",
  tool: "pay",
  arguments: { to: "eve", amount: 9, deep: { a: 1, b: 2 } },
};
const REQUEST: JournalEntry = { kind: "request", headers: { authorization: "Bearer agent-1" }, body: "{}" };

const traces: Traces = {
  journals: new Map([
    ["target", [REQUEST, CALL, CALL]],
    ["other", []],
  ]),
  answers: [
    { kind: "answer", as: "agent", asked: "tools/list", status: 200, bytes: 900, text: "CANARY" },
    { kind: "answer", as: "agent", asked: "tools/call pay", bytes: 0, text: "" },
  ],
  secrets: [],
};

describe("an attack got through", () => {
  it.each<[Sign, boolean]>([
    [{ called: "pay" }, true],
    [{ called: "pay", times: 2 }, true],
    [{ called: "pay", times: 3 }, false],
    [{ called: "pay", with: { to: "eve", deep: { b: 2 } } }, true],
    [{ called: "pay", with: { to: "ana" } }, false],
    [{ called: "pay", with: { amount: "9" } }, false],
    [{ called: "pay", server: "other" }, false],
    [{ called: "refund" }, false],
    [{ reached: "Bearer agent-" }, true],
    [{ reached: "Bearer other-" }, false],
    [{ received: "CANARY" }, true],
    [{ received: "CANARY", as: "other" }, false],
    [{ bytes: 900 }, true],
    [{ bytes: 901 }, false],
    [{ unanswered: 1 }, true],
    [{ unanswered: 2 }, false],
  ])("by %j: %s", (sign, through) => {
    expect(proofsOf([sign], traces)).toHaveLength(through ? 1 : 0);
  });

  it("is told with the message that shows it", () => {
    expect(proofsOf([{ called: "pay" }], traces)).toEqual([
      { says: "The server executed pay 2 times.", message: JSON.stringify(CALL) },
    ]);
  });
});

describe("an attack of which nothing came", () => {
  it.each<[readonly Sign[], string]>([
    [[{ called: "pay" }], "The server did not execute pay."],
    [[{ called: "pay", times: 3 }], "The server did not execute pay 3 times."],
    [[{ called: "pay", with: { to: "eve" } }], "The server did not execute pay as the attack has it."],
    [[{ reached: "Bearer x" }], 'The server did not get "Bearer x".'],
    [[{ received: "CANARY" }, { received: "CANARY" }], 'The agent did not get "CANARY".'],
    [[{ bytes: 900 }, { unanswered: 2 }], "The agent got no answer of 900 bytes. All answers came."],
  ])("after %j says what did not come", (signs, says) => {
    expect(unseen(signs)).toBe(says);
  });
});
