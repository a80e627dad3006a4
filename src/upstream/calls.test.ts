import { describe, expect, it } from "vitest";
import { writeJson } from "../base/json-write.ts";
import type { NotificationFrame, RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { readFrame } from "../wire/read-frame.ts";
import { Calls, idKey } from "./calls.ts";

const ask = (id: string, meta = ""): RequestFrame =>
  readFrame(
    `{"jsonrpc":"2.0","id":${id},"method":"x/y","params":{"a":1.0${meta}},"extra":2}`,
  ) as RequestFrame;
const answer = (id: string): ResponseFrame =>
  readFrame(`{"result":{"ok":true},"jsonrpc":"2.0","id":${id}}`) as ResponseFrame;
const nobody = (): void => {};

describe("the requests of one channel", () => {
  it("go as they were sent", () => {
    const calls = new Calls();
    const frame = ask("1", ',"_meta":{"progressToken":"p"}');
    expect(calls.begin(frame, nobody).value).toBe(frame.value);
  });

  it("get another id and token where theirs are taken, in the same place, and theirs back", () => {
    const calls = new Calls();
    const first = calls.begin(ask("1", ',"_meta":{"progressToken":1,"k":2}'), nobody);
    const second = calls.begin(ask("1.0", ',"_meta":{"progressToken":1.0,"k":2}'), nobody);
    expect(writeJson(second.value)).toBe(
      '{"jsonrpc":"2.0","id":"tollgate:1","method":"x/y","params":{"a":1.0,"_meta":{"progressToken":"tollgate:2","k":2}},"extra":2}',
    );
    expect(calls.answered("tollgate:1")).toBe(second);
    expect(calls.answered(1)).toBe(first);
    expect(writeJson(calls.answerFor(second, answer('"tollgate:1"')).value)).toBe(
      '{"result":{"ok":true},"jsonrpc":"2.0","id":1.0}',
    );
    const progress = readFrame(
      '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"tollgate:2","progress":1}}',
    ) as NotificationFrame;
    expect(calls.ownerOf(progress)).toBe(second);
    expect(writeJson(calls.interimFor(second, progress).value)).toContain('"progressToken":1.0,"progress":1');
  });

  it("find an answer by a number, however it is written", () => {
    const calls = new Calls();
    const call = calls.begin(ask("9007199254740993"), nobody);
    expect(calls.answered(9007199254740992)).toBe(call);
    expect(writeJson(calls.answerFor(call, answer("9007199254740992")).value)).toContain(
      '"id":9007199254740993',
    );
    expect(idKey("1")).not.toBe(idKey(1));
    expect(idKey(null)).toBeUndefined();
  });

  it("do not use an id again whose answer is still to come", () => {
    const calls = new Calls();
    calls.abandon(calls.begin(ask("1"), nobody));
    const second = calls.begin(ask("1"), nobody);
    expect(second.sentId).toBe("tollgate:1");
    expect(calls.answered(1)).toBeUndefined();
    calls.end(second);
    expect(calls.begin(ask("1"), nobody).sentId).toBe(1);
  });

  it("are cancelled under the id they were sent with, and only where one is meant", () => {
    const calls = new Calls();
    const cancel = (id: string): NotificationFrame =>
      readFrame(
        `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id}}}`,
      ) as NotificationFrame;
    const first = calls.begin(ask("1"), nobody);
    const second = calls.begin(ask("1"), nobody);
    expect(calls.outgoing(cancel("1"))).toBeUndefined();
    calls.end(first);
    expect(calls.outgoing(cancel("1"))).toMatchObject({ params: { requestId: second.sentId } });
    expect(calls.outgoing(cancel("2"))).toBeUndefined();
    calls.end(second);
    expect(calls.size).toBe(0);
  });

  it("of several clients are cancelled each by its own", () => {
    const calls = new Calls();
    const [a, b] = [{}, {}];
    const cancel = readFrame(
      '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}',
    ) as NotificationFrame;
    calls.begin(ask("1"), nobody, a);
    const second = calls.begin(ask("1"), nobody, b);
    expect(calls.outgoing(cancel, a)).toBe(cancel.value);
    expect(calls.outgoing(cancel, b)).toMatchObject({ params: { requestId: second.sentId } });
    expect(calls.outgoing(cancel, {})).toBeUndefined();
  });
});
