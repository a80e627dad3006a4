import { describe, expect, it } from "vitest";
import { findByRules } from "./rules.ts";

const GITHUB = ["ghp", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"].join("_");
const SLACK = `https://hooks.slack.com/services/${["T00000000", "B00000000", "X".repeat(24)].join("/")}`;

describe("secretlint's rules", () => {
  it.each([
    [GITHUB, "github token"],
    [SLACK, "slack"],
    ["https://ann:hunter2hunter2@example.com", "basicauth"],
    ["postgres://u:p4ssw0rd@host/db", "database connection string"],
  ])("find %s", async (secret, kind) => {
    const text = `first line\nand ${secret} then`;
    const start = text.indexOf(secret);
    expect(await findByRules(text)).toContainEqual({ start, end: start + secret.length, kind });
  });

  it("obey no comments: whoever writes a call is not whom the record is kept for", async () => {
    const text = `/* secretlint-disable */\n// secretlint-disable-next-line\n${GITHUB}`;
    expect(await findByRules(text)).toHaveLength(1);
  });

  it("find nothing in prose", async () => {
    expect(await findByRules("The quick brown fox jumps over the lazy dog.")).toEqual([]);
  });
});
