import { expect, it } from "vitest";
import { cleanFailures, cleanText } from "./clean.ts";

it.each([
  ["C:\\Users\\Jo Doe\\x.py is missing", "(a path) is missing"],
  ["in D:/Epic Games/Fortnite/a.uasset", "in (a path)"],
  ["'C:\\\\Users\\\\Jo\\\\x.py'", "'(a path)'"],
  ["no \\\\?\\C:\\Users\\Jo\\x.py there", "no (a path) there"],
  ["no '\\\\\\\\?\\\\C:\\\\Users\\\\Jo\\\\x.py'", "no '(a path)'"],
  ["on \\\\host\\share\\Jo\\x.py", "on (a path)"],
  ["at file:///C:/Users/Jo/x.py", "at file:///(a path)"],
  ["at file:///home/jo/x.py", "at (a path)"],
  ["/home/jo/x.py and /Game/Thing", "(a path) and /Game/Thing"],
  ['boom\n  File "C:\\a\\b.py", line 3, in f\n    f()', "boom\n\n    f()"],
  ["boom\n\nTraceback (most recent call last):\n  secret", "boom"],
  ["no more than 3:4 / 5", "no more than 3:4 / 5"],
])("says %j without paths of a machine", (text, clean) => {
  expect(cleanText(text)).toBe(clean);
});

it("takes the traceback from every failure inside, however it says that it is one", () => {
  const inside = [
    { success: false, error: "in C:\\a\\b.py", traceback: "x" },
    { error: "in C:\\a\\b.py", traceback: "x" },
    { success: true, traceback: "of what somebody named so" },
  ];
  expect(cleanFailures({ results: inside })).toEqual({
    results: [
      { success: false, error: "in (a path)" },
      { error: "in (a path)" },
      { success: true, traceback: "of what somebody named so" },
    ],
  });
});
