import { describe, expect, it } from "vitest";
import { nearest } from "./nearest.ts";

describe("the nearest known spelling", () => {
  it("mends a letter that is missing, too many, wrong or exchanged with its neighbour", () => {
    const known = ["require", "deny_if", "limits"];
    expect(nearest("requir", known)).toBe("require");
    expect(nearest("limitss", known)).toBe("limits");
    expect(nearest("deny-if", known)).toBe("deny_if");
    expect(nearest("reqiure", known)).toBe("require");
  });

  it("takes case for nothing", () => {
    expect(nearest("MCPSERVERS", ["mcpServers"])).toBe("mcpServers");
  });

  it("gives the nearest of several, and the first of equally near ones", () => {
    expect(nearest("port", ["ports", "pore"])).toBe("ports");
    expect(nearest("hots", ["hosts", "host"])).toBe("hosts");
    expect(nearest("polices", ["police", "policies"])).toBe("police");
  });

  it("gives none for what is far from everything", () => {
    expect(nearest("colour", ["host", "port"])).toBeUndefined();
    expect(nearest("ab", ["xy"])).toBeUndefined();
    expect(nearest("x", [])).toBeUndefined();
  });

  it("never suggests what was written", () => {
    expect(nearest("host", ["host"])).toBeUndefined();
  });
});
