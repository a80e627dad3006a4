import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMANDS } from "./commands/table.ts";
import { call, result, running, type Running } from "./testing/wire.ts";
import type { Fields } from "./values.ts";

let simulator: Running;

beforeAll(async () => {
  simulator = await running();
});

afterAll(() => simulator.end());

const ask = (command: string, params: Fields = {}): Promise<Fields> =>
  result(simulator.port, command, params);

/** A call of each command, in an order in which each finds what it needs, and a part of its answer. */
const CALLS: readonly (readonly [command: string, params: Fields, answer: Fields])[] = [
  ["ping", {}, { status: "ok", commands: 41 }],
  ["mcp_status", {}, { running: true, executed: 2 }],
  ["execute_python", { code: "import os" }, { executed: false, output: "" }],
  ["get_all_actors", {}, { count: 13 }],
  ["select_actors", { actor_labels: ["Crate1", "Nobody"] }, { selected: ["Crate1"], not_found: ["Nobody"] }],
  ["get_selected_actors", {}, { count: 1 }],
  ["focus_selected", {}, { focused: true }],
  ["spawn_actor", { class_path: "/Game/Meshes/SM_Tree", location: [1, 2, 3] }, { label: "SM_Tree" }],
  [
    "smart_spawn",
    { name: "trigger", label: "Trap" },
    { spawned: true, match: "alias", actor: expect.objectContaining({ label: "Trap" }) },
  ],
  ["search_content_browser", { query: "grass", limit: 1 }, { count: 1, total: 2 }],
  ["list_device_aliases", {}, { aliases: expect.objectContaining({ button: expect.any(String) }) }],
  [
    "set_actor_transform",
    { actor_label: "Crate1", location: [7, 8, 9] },
    { location: { x: 7, y: 8, z: 9 }, scale: { x: 1, y: 1, z: 1 } },
  ],
  [
    "set_actor_property",
    { actor_label: "Lamp", property_name: "intensity", value: 7 },
    { set: ["intensity"] },
  ],
  ["set_actor_properties", { actor_label: "Lamp", properties: { color: "red" } }, { set: ["color"] }],
  [
    "get_actor_properties",
    { actor_label: "Lamp" },
    { properties: expect.objectContaining({ intensity: 7, color: "red", radius: 1000 }) },
  ],
  ["delete_actors", { actor_labels: ["Crate3", "Nobody"] }, { deleted: ["Crate3"], not_found: ["Nobody"] }],
  ["undo", {}, { undone: true }],
  ["redo", {}, { redone: true }],
  ["list_assets", { directory: "/Game/Meshes" }, { count: 4 }],
  ["search_assets", { class_name: "Material" }, { count: 3 }],
  ["get_asset_info", { asset_path: "/Game/Meshes/SM_Crate" }, { class: "StaticMesh", dirty: false }],
  ["get_selected_assets", {}, { count: 0 }],
  [
    "duplicate_asset",
    { source_path: "/Game/Meshes/SM_Crate", dest_path: "/Game/Meshes/SM_Box" },
    { duplicated: true },
  ],
  ["rename_asset", { old_path: "/Game/Meshes/SM_Box", new_path: "/Game/Meshes/SM_Case" }, { renamed: true }],
  ["does_asset_exist", { asset_path: "/Game/Meshes/SM_Case" }, { exists: true }],
  ["save_asset", { asset_path: "/Game/Meshes/SM_Case" }, { saved: true }],
  ["delete_asset", { asset_path: "/Game/Meshes/SM_Case" }, { deleted: true }],
  [
    "import_asset",
    { source_file: "C:\\art\\SM_Wall.fbx", destination_path: "/Game/Meshes" },
    { imported: ["/Game/Meshes/SM_Wall"] },
  ],
  [
    "create_material_instance",
    { parent_path: "/Game/Materials/M_Base", instance_name: "MI_Red", scalar_params: { glow: 1 } },
    { path: "/Game/Materials/MI_Red", class: "MaterialInstanceConstant" },
  ],
  ["get_level_info", {}, { actor_count: 14, dirty: true }],
  ["save_current_level", {}, { saved: true }],
  ["get_project_info", {}, { project_name: "Island" }],
  ["set_viewport_camera", { location: [1, 1, 1] }, { location: { x: 1, y: 1, z: 1 } }],
  ["get_viewport_camera", {}, { location: { x: 1, y: 1, z: 1 } }],
  ["list_tools", { category: "MCP Bridge" }, { count: 4 }],
  ["describe_tool", { tool_name: "tag_add" }, { parameters: { actor_label: "string", tag: "string" } }],
  ["run_tool", { tool_name: "tag_add", kwargs: '{"actor_label":"Lamp","tag":"warm"}' }, { tags: ["warm"] }],
  ["batch_exec", { commands: [{ command: "ping" }, { command: "nothing" }] }, { total: 2, succeeded: 1 }],
  [
    "history",
    { tail: 1 },
    { entries: [expect.objectContaining({ command: "batch_exec", success: true })], count: 1 },
  ],
  ["get_log", { lines: 5 }, { count: 0 }],
  ["shutdown", {}, { status: "shutting_down" }],
];

describe("the commands of the listener", () => {
  it.each(CALLS)("%s answers, and what it changed is there", async (command, params, answer) => {
    expect(await ask(command, params)).toMatchObject(answer);
  });

  it("are 41, and each was called above", () => {
    expect(COMMANDS.size).toBe(41);
    expect(CALLS.map(([command]) => command).toSorted()).toEqual([...COMMANDS.keys()].toSorted());
    const journaled = new Set(simulator.journal().map(({ command }) => command));
    expect([...COMMANDS.keys()].filter((command) => !journaled.has(command))).toEqual([]);
  });
});

describe("a level", () => {
  let other: Running;

  beforeAll(async () => {
    other = await running();
  });

  afterAll(() => other.end());

  it("goes back and forth one change at a time, and not over what only reads", async () => {
    const labels = async (): Promise<number> => Number((await result(other.port, "get_all_actors"))["count"]);
    const start = await labels();
    await result(other.port, "batch_exec", {
      commands: [
        { command: "delete_actors", params: { actor_labels: ["Crate1"] } },
        { command: "get_level_info" },
        { command: "run_tool", params: { tool_name: "sign_spawn_bulk", kwargs: { texts: ["a", "b", "c"] } } },
      ],
    });
    expect(await labels()).toBe(start + 2);
    await result(other.port, "undo");
    expect(await labels()).toBe(start - 1);
    await result(other.port, "undo");
    expect(await labels()).toBe(start);
    expect(await result(other.port, "undo")).toEqual({ undone: false });
    await result(other.port, "redo");
    expect(await labels()).toBe(start - 1);
    // After another change there is nothing to redo.
    await result(other.port, "undo");
    await result(other.port, "delete_actors", { actor_labels: ["Crate2"] });
    expect(await result(other.port, "redo")).toEqual({ redone: false });
  });

  it("says what is wrong as an error with a traceback, and goes on", async () => {
    const failed = await call(other.port, "get_actor_properties", { actor_label: "Nobody" });
    expect(failed).toEqual({
      success: false,
      error: "Actor not found: Nobody",
      traceback: expect.stringContaining("Traceback (most recent call last)"),
    });
    expect(await call(other.port, "constructor")).toMatchObject({
      success: false,
      error: "Unknown command: constructor",
    });
    expect(await call(other.port, "spawn_actor", {})).toMatchObject({ success: false });
    expect(await call(other.port, "ping")).toMatchObject({ success: true });
  });

  it("keeps the last 500 commands and the last 200 lines of the log", async () => {
    const commands = Array.from({ length: 600 }, () => ({
      command: "run_tool",
      params: { tool_name: "no_such_tool" },
    }));
    await result(other.port, "batch_exec", { commands });
    expect((await result(other.port, "history", { tail: 2000 }))["count"]).toBe(500);
    expect((await result(other.port, "get_log", { lines: 2000 }))["count"]).toBe(200);
  });
});

describe("the journal", () => {
  it("has every command in the order of execution, with what ran it", async () => {
    const other = await running();
    await result(other.port, "batch_exec", {
      commands: [
        { command: "ping", params: {} },
        {
          command: "batch_exec",
          params: { commands: [{ command: "execute_python", params: { code: "1" } }] },
        },
        { command: "run_tool", params: { tool_name: "tag_add", kwargs: '{"actor_label":"Lamp","tag":"x"}' } },
        { command: "run_tool", params: { tool_name: "no_such_tool" } },
      ],
    });
    const lines = other.journal();
    expect(lines.map(({ command, via }) => [command, via])).toEqual([
      ["batch_exec", null],
      ["ping", "batch_exec"],
      ["batch_exec", "batch_exec"],
      ["execute_python", "batch_exec"],
      ["run_tool", "batch_exec"],
      ["tag_add", "run_tool"],
      ["run_tool", "batch_exec"],
    ]);
    expect(lines[5]?.params).toEqual({ actor_label: "Lamp", tag: "x" });
    expect(lines.every(({ at }) => !Number.isNaN(Date.parse(at)))).toBe(true);
    await other.end();
  });
});
