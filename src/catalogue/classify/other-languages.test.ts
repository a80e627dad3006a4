import { describe, expect, it } from "vitest";
import { profileTool } from "../profile.ts";

const classOf = (description: string) => profileTool({ name: "zork", description }).class;

describe("a description in another language", () => {
  it.each([
    ["ランプの一覧を取得します。", "read"],
    ["ランプを作成します。", "write"],
    ["ランプを作成・更新・削除します。", "destructive"],
    ["ランプを検索して削除します。", "destructive"],
    ["削除されたランプの一覧を取得します。", "read"],
    ["手紙を既読にします。", "write"],
    ["처리된 램프 목록을 조회합니다.", "read"],
    ["램프를 삭제합니다.", "destructive"],
    ["获取灯的列表", "read"],
    ["创建一盏灯", "write"],
    ["支持创建、更新和删除灯", "destructive"],
    ["获取已删除的灯", "read"],
    ["获取灯，删除灯", "destructive"],
    ["吃什么？推荐菜谱", "read"],
    ["支付账单", "financial"],
    ["运行脚本", "execute"],
    ["Получить список ламп", "read"],
    ["Удалить лампу", "destructive"],
    ["Найти и удалить лампы", "destructive"],
    ["Obtiene la lista de lámparas.", "read"],
    ["Supprime une lampe.", "destructive"],
    ["Erstellt eine Lampe.", "write"],
    ["灯", "execute"],
    ["Lampe.", "execute"],
  ])("%s", (description, is) => {
    expect(classOf(description)).toBe(is);
  });

  it("does not outweigh English", () => {
    expect(classOf("Delete a lamp 获取")).toBe("destructive");
  });

  it("is read in part", () => {
    expect(classOf(`${"灯".repeat(400)}删除`)).toBe("execute");
  });
});
