import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../base/json-write.ts";
import { chainOutcome, GENESIS } from "./chain.ts";
import { comparePlaces, type Head, headLine, readHead, readHeads } from "./heads.ts";
import { signedLine } from "./sign.ts";
import { HeadsCheck } from "./verify-heads.ts";
import { Verifier } from "./verify.ts";
import { idOf, outcomeOf } from "../store/conformance/sample-records.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const other = generateKeyPairSync("ed25519").privateKey;

const HEAD: Head = {
  at: "2026-03-01T12:00:00.000Z",
  place: { segment: 2, offset: 345 },
  head: "ab".repeat(32),
};
const LINE = headLine(HEAD, privateKey);

describe("a signed head", () => {
  it("is one canonical line that says what was signed, by which key", () => {
    expect(LINE).toBe(canonicalJson(JSON.parse(LINE)));
    expect(Object.keys(JSON.parse(LINE) as object)).toEqual(
      "at,head,key,kind,offset,segment,signature,v".split(","),
    );
    expect(readHead(LINE, createPublicKey(privateKey))).toEqual({ ok: true, head: HEAD });
  });

  it("is not believed with any character changed", () => {
    for (let at = 0; at < LINE.length; at += 1) {
      const changed = LINE.slice(0, at) + (LINE[at] === "1" ? "2" : "1") + LINE.slice(at + 1);
      expect(readHead(changed, publicKey)).toMatchObject({ ok: false });
    }
  });

  it("tells a bad signature from another key", () => {
    expect(readHead(LINE.replace("345", "346"), publicKey)).toMatchObject({
      problem: "is not signed by this gateway's key",
    });
    expect(readHead(headLine(HEAD, other), publicKey)).toMatchObject({
      problem: "is signed with another key",
    });
    expect(readHead(LINE.slice(0, 99), publicKey)).toMatchObject({ problem: "cannot be read", unread: true });
  });

  it("is no other statement of the same key", () => {
    const { at, head } = HEAD;
    for (const body of [
      { v: 1, kind: "journal.dropped", at, segment: 2, offset: 345, head },
      { v: 2, kind: "journal.head", at, segment: 2, offset: 345, head },
      { v: 1, kind: "journal.head", at, segment: 2, offset: -1, head },
      { v: 1, kind: "journal.head", at, segment: 2, offset: 345, head: "AB".repeat(32) },
    ]) {
      expect(readHead(signedLine(body, privateKey), publicKey)).toMatchObject({ problem: "is not one" });
    }
  });
});

describe("a file of signed heads", () => {
  it("may end in half a line, or in a whole one without its line feed", () => {
    const half = readHeads(`${LINE}\n${LINE.slice(0, 50)}`, "heads.jsonl", publicKey);
    expect(half).toEqual({ heads: [HEAD], problem: undefined });
    expect(readHeads(`${LINE}\n${LINE}`, "heads.jsonl", publicKey).heads).toHaveLength(2);
    expect(readHeads("", "heads.jsonl", publicKey)).toEqual({ heads: [], problem: undefined });
  });

  it("names the first line that is not believed, and gives the others", () => {
    for (const bad of [LINE.slice(0, 50), headLine(HEAD, other), LINE.replace("345", "346"), "[]"]) {
      const { heads, problem } = readHeads(`${LINE}\n${bad}\n${LINE}\n`, "heads.jsonl", publicKey);
      expect(heads).toHaveLength(2);
      expect(problem).toMatch(/^The signed head in line 2 of heads\.jsonl (?:cannot be read|is )/u);
    }
    expect(readHeads(`${LINE}\n${headLine(HEAD, other)}`, "f", publicKey).problem).toContain("another key");
  });

  it("is of places that have an order", () => {
    const places = [
      { segment: 1, offset: 9 },
      { segment: 2, offset: 0 },
      { segment: 2, offset: 5 },
    ];
    expect(places.toReversed().toSorted(comparePlaces)).toEqual(places);
    expect(comparePlaces({ segment: 3, offset: 4 }, { segment: 3, offset: 4 })).toBe(0);
  });
});

/** Ten outcomes of one segment, each of its own length in bytes. */
const chainOf = (salt = 0) => {
  const lines: { readonly text: string; readonly hash: string; readonly end: number }[] = [];
  let [prev, end] = [GENESIS, 0];
  for (let number = 0; number < 10; number += 1) {
    const { line, hash } = chainOutcome(prev, outcomeOf(number, { result_bytes: 10 ** (number % 7) + salt }));
    [prev, end] = [hash, end + line.length + 1];
    lines.push({ text: line, hash, end });
  }
  return lines;
};
const CHAIN = chainOf();

/** The head that was signed behind so many lines. */
const headAt = (lines: number, chain = CHAIN): Head => ({
  at: `2026-03-01T12:00:${String(lines).padStart(2, "0")}.000Z`,
  place: { segment: 1, offset: chain[lines - 1]?.end ?? 0 },
  head: chain[lines - 1]?.hash ?? GENESIS,
});

const hold = (heads: readonly Head[], chain = CHAIN, begin = 0) => {
  const verifier = new Verifier(begin === 0 ? GENESIS : null);
  const check = new HeadsCheck(heads);
  check.begin({ segment: begin === 0 ? 0 : 1, offset: chain[begin - 1]?.end ?? 0 });
  for (const { text, end } of chain.slice(begin)) {
    verifier.line(text);
    check.at({ segment: 1, offset: end }, verifier);
  }
  const verdict = check.end(verifier);
  return { ...verdict, fault: check.fault, chain: verifier.end().fault };
};

describe("heads held against a chain", () => {
  it("fit where they were signed, and tell how many lines no head covers", () => {
    expect(hold([headAt(8), headAt(3), headAt(5)])).toEqual({
      checked: 3,
      before: 0,
      newest: headAt(8).at,
      behind: 2,
      fault: undefined,
      chain: undefined,
    });
    expect(hold([headAt(10)])).toMatchObject({ checked: 1, behind: 0, fault: undefined });
    expect(hold([])).toMatchObject({ checked: 0, newest: undefined, behind: 10, fault: undefined });
  });

  it("say that the end was cut off, when, and what is still there", () => {
    const fault = { kind: "removed", line: 8, after: idOf(6) };
    const found = hold([headAt(3), headAt(8), headAt(10)], CHAIN.slice(0, 7));
    expect(found).toMatchObject({ fault, checked: 1, newest: headAt(3).at, behind: 4 });
    expect(found.fault?.message).toContain(headAt(10).at);
    expect(found.fault?.message).toContain(idOf(6));
    expect(hold([headAt(1)], []).fault).toMatchObject({ kind: "removed", line: 1 });
  });

  it("say that the chain is another, from the first record on that may be", () => {
    const anew = chainOf(3);
    expect(hold([headAt(4), headAt(8)], anew).fault).toMatchObject({ kind: "changed", id: idOf(0) });
    // The same up to the sixth line, and made anew from there on.
    const mixed = CHAIN.slice(0, 6);
    let [prev, end] = [mixed[5]?.hash ?? "", mixed[5]?.end ?? 0];
    for (let number = 6; number < 10; number += 1) {
      const { line, hash } = chainOutcome(
        prev,
        outcomeOf(number, { result_bytes: 10 ** (number % 7), outcome: "timeout" }),
      );
      [prev, end] = [hash, end + line.length + 1];
      mixed.push({ text: line, hash, end });
    }
    const found = hold([headAt(4), headAt(8), headAt(9)], mixed);
    expect(found).toMatchObject({ checked: 1, fault: { kind: "changed", id: idOf(4) }, chain: undefined });
    expect(found.fault?.message).toContain(headAt(4).at);
    expect(found.fault?.message).toContain(headAt(8).at);
    // At the very place, but of another hash.
    expect(hold([{ ...headAt(4), head: "00".repeat(32) }]).fault).toMatchObject({ kind: "changed", line: 4 });
  });

  it("leave what the chain itself tells to the chain", () => {
    const found = hold([headAt(3), headAt(8)], CHAIN.toSpliced(4, 1));
    expect(found).toMatchObject({ chain: { kind: "removed", line: 5 }, fault: undefined, checked: 1 });
  });

  it("are counted, but not held against anything, for what is before the beginning", () => {
    expect(hold([headAt(3), headAt(5), headAt(8)], CHAIN, 5)).toMatchObject({
      before: 2,
      checked: 1,
      behind: 2,
      fault: undefined,
    });
  });
});
