import { describe, expect, it } from "vitest";
import { readName } from "./name-signs.ts";

const saysOf = (name: string) => readName(name).signs.map((sign) => sign.class);

describe("a name", () => {
  it.each([
    ["delete_file", ["destructive"]],
    ["users.delete", ["destructive"]],
    ["actor_hide", ["write"]],
    ["actor_show", ["write"]],
    ["show_actor", ["read"]],
    ["API-post-search", ["read"]],
    ["list_deleted_users", ["read"]],
    ["list_updates", ["read"]],
    ["get_payment_link", ["read"]],
    ["search_orders", ["read"]],
    ["find_and_delete", ["read", "destructive"]],
    ["create_or_update_file", ["write", "write"]],
    ["browser_resize", ["execute"]],
    ["material_bulk_swap", ["write"]],
    ["swap_tokens", ["financial"]],
    ["listfiles", ["read"]],
    ["frobnicate", []],
    ["", []],
  ])("%s says %j", (name, classes) => {
    expect(saysOf(name)).toEqual(classes);
  });

  it("whose end is what it gives back says less of the noun before", () => {
    const [first, second] = [...readName("order_history").signs].sort((a, b) => b.weight - a.weight);
    expect([first?.class, second?.class]).toEqual(["read", "financial"]);
  });

  it("of any length is read in part", () => {
    expect(readName("x".repeat(1_000_000)).signs).toEqual([]);
    expect(readName("A".repeat(1_000_000)).words.join("").length).toBeLessThanOrEqual(1_000);
  });
});
