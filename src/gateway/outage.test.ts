import { expect, it } from "vitest";
import { UpstreamFailure } from "../upstream/port.ts";
import { Outage } from "./outage.ts";

const watched = (): { readonly outage: Outage; readonly lines: readonly unknown[] } => {
  const lines: unknown[] = [];
  const entry =
    (level: string) =>
    (message: string, fields: object = {}): void =>
      void lines.push({ level, message, ...fields });
  const log = { info: entry("info"), warn: entry("warn"), error: entry("error") };
  return { outage: new Outage("one", log), lines };
};

const failing = (detail: string): Promise<never> => Promise.reject(new UpstreamFailure("never_ran", detail));

it("says once why a server is not available, and hands every failure on", async () => {
  const { outage, lines } = watched();
  await expect(outage.watch(failing("first"))).rejects.toMatchObject({ detail: "first" });
  await expect(outage.watch(failing("second"))).rejects.toMatchObject({ detail: "second" });
  expect(lines).toEqual([
    { level: "warn", message: "a server is not available", server: "one", reason: "first" },
  ]);
});

it("says that it is available again only of one that was not", async () => {
  const { outage, lines } = watched();
  outage.over();
  expect(await outage.watch(Promise.resolve("link"))).toBe("link");
  expect(lines).toEqual([]);
  await outage.watch(failing("gone")).catch(() => {});
  outage.over();
  outage.over();
  expect(lines.slice(1)).toEqual([{ level: "info", message: "a server is available again", server: "one" }]);
});

it("says nothing of a server that the gate itself has closed", async () => {
  const { outage, lines } = watched();
  const opening = outage.watch(failing("The server was closed."));
  outage.end();
  await expect(opening).rejects.toMatchObject({ detail: "The server was closed." });
  expect(lines).toEqual([]);
});
