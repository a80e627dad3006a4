import { describe, expect, it } from "vitest";
import { addressIsForbidden, ForbiddenAddress, guardedLookup, serverUrlFault } from "./guard.ts";

describe("the address guard", () => {
  it.each([
    "169.254.0.1",
    "169.254.169.254",
    "100.100.100.200",
    "fe80::1",
    "fe80::1%eth0",
    "febf::1",
    "fd00:ec2::254",
    "fd00:0ec2:0:0:0:0:0:254",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "::169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "::ffff:0:a9fe:a9fe",
    "::ffff:100.100.100.200",
    "no address",
    "",
  ])("refuses %j", (address) => {
    expect(addressIsForbidden(address)).toBe(true);
  });

  it.each([
    "127.0.0.1",
    "::1",
    "10.0.0.1",
    "192.168.1.1",
    "169.253.255.255",
    "169.255.0.1",
    "100.100.100.201",
    "fd00::1",
    "fec0::1",
    "8.8.8.8",
    "2606:4700::1111",
    "::ffff:10.0.0.1",
    "64:ff9b::808:808",
  ])("lets %s pass", (address) => {
    expect(addressIsForbidden(address)).toBe(false);
  });

  it.each([
    "http://169.254.169.254/",
    "http://0xA9FEA9FE/",
    "http://2852039166/",
    "http://0251.0376.0251.0376/",
    "http://[fe80::1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://user@127.0.0.1/",
    "http://:pass@127.0.0.1/",
    "file:///etc/passwd",
    "not a url",
  ])("refuses the URL %s", (url) => {
    expect(serverUrlFault(url)).toBeTypeOf("string");
  });

  it.each(["http://127.0.0.1:9000/mcp", "https://example.com/mcp?x=1", "http://[::1]/"])(
    "lets the URL %s pass",
    (url) => {
      expect(serverUrlFault(url)).toBeUndefined();
    },
  );

  const resolve = (name: string, all: boolean): Promise<unknown> =>
    new Promise((done) => {
      guardedLookup(name, { all }, (error, address) => done(error ?? address));
    });

  it("resolves names, and refuses those that lead to a forbidden address", async () => {
    expect(await resolve("127.0.0.1", false)).toBe("127.0.0.1");
    expect(await resolve("127.0.0.1", true)).toEqual([{ address: "127.0.0.1", family: 4 }]);
    expect(await resolve("169.254.169.254", false)).toBeInstanceOf(ForbiddenAddress);
    expect(await resolve("169.254.169.254", true)).toBeInstanceOf(ForbiddenAddress);
  });
});
