import { afterAll, beforeAll, describe, expect, it } from "vitest";
import parameters from "./parameters.json" with { type: "json" };
import { knownParameters, REGISTRY_NAMES } from "./registry.ts";
import { call, result, running, tool, type Running } from "./testing/wire.ts";
import { TOOLS } from "./tools/table.ts";
import { COMMANDS } from "./commands/table.ts";
import type { Fields } from "./values.ts";

let simulator: Running;

beforeAll(async () => {
  simulator = await running();
});

afterAll(() => simulator.end());

/** A value that makes sense for the parameter of that name; by its kind where the name says nothing. */
const SAMPLES: Fields = {
  actor_label: "Lamp",
  actor_a: "Crate1",
  actor_b: "Lamp",
  actor_labels: ["Crate1"],
  asset_path: "/Game/Meshes/SM_Rock",
  sound_asset: "/Game/Audio/S_Wind",
  system_path: "/Game/Effects/NS_Fire",
  material_path: "/Game/Materials/M_Stone",
  old_material: "/Game/Materials/M_Base",
  new_material: "/Game/Materials/M_Stone",
  light_type: "point",
  preset: "stone",
  spline_label: "PatrolPath",
  zone_label: "Ground",
  texts: ["one"],
  keyframes: [{ time: 0 }],
  class_filter: "Device",
};

/** Of the tools whose parameter of a common name means something else. */
const SPECIAL: Readonly<Record<string, Fields>> = {
  // Others look for the lamp after it.
  actor_set_label: { actor_label: "Crate2", new_label: "Crate2" },
  verse_template_get: { name: "game_manager" },
  verse_template_deploy: { name: "game_manager", filename: "manager" },
  snapshot_restore: { name: "before" },
  snapshot_diff: { name: "before" },
  device_call_method: { method: "Enable", class_filter: "Device" },
  device_set_property: { property_name: "x", value: "1", class_filter: "Device" },
};

const KINDS: Fields = { string: "text", number: 1, integer: 2, boolean: true, array: [], object: {} };

/** What must be given to a tool. */
const neededBy = (name: string): Fields => ({
  ...Object.fromEntries(
    Object.entries(knownParameters(name))
      .filter(([, kind]) => !String(kind).endsWith("?"))
      .map(([parameter, kind]) => [parameter, SAMPLES[parameter] ?? KINDS[String(kind)]]),
  ),
  ...(name === "spline_place_props" ? { spline_label: "PatrolPath" } : {}),
  ...SPECIAL[name],
});

const STOPPING = new Set(["mcp_stop", "mcp_restart"]);
const UNLISTED = ["actor_set_label", "landscape_create", "proximity_find", "sign_set_text", "viewport_orbit"];

describe("the registry", () => {
  it("has the 354 names, and the five that only bridges know", () => {
    expect(REGISTRY_NAMES.length).toBe(354);
    expect(new Set(REGISTRY_NAMES).size).toBe(354);
    expect([...TOOLS.keys()].filter((name) => !REGISTRY_NAMES.includes(name)).toSorted()).toEqual(UNLISTED);
  });

  it("answers to every name, and writes each into the journal", async () => {
    await tool(simulator.port, "snapshot_save", { name: "before" });
    const names = [...TOOLS.keys()].filter((name) => !STOPPING.has(name));
    const commands = names.map((name) => ({
      command: "run_tool",
      params: { tool_name: name, kwargs: neededBy(name) },
    }));
    const { results } = await result(simulator.port, "batch_exec", { commands });
    const answers = results as readonly Fields[];
    expect(names.filter((_, index) => answers[index]?.["result"] === null)).toEqual([]);
    const journaled = new Set(
      simulator.journal().flatMap(({ command, via }) => (via === "run_tool" ? [command] : [])),
    );
    expect(names.filter((name) => !journaled.has(name))).toEqual([]);
  });

  it("plays every tool whose parameters a bridge is known to send", async () => {
    const sent = Object.keys(parameters).filter((name) => !COMMANDS.has(name));
    expect(sent.length).toBe(100);
    const generic: string[] = [];
    for (const name of sent) {
      const answer = await tool(simulator.port, name, neededBy(name));
      if ("done" in answer) {
        generic.push(name);
      }
    }
    expect(generic).toEqual([]);
  });

  it("answers nothing, as success, to unknown names and where a tool fails", async () => {
    const nothing = { success: true, result: null };
    expect(await call(simulator.port, "run_tool", { tool_name: "no_such_tool" })).toEqual(nothing);
    expect(await call(simulator.port, "run_tool", { tool_name: "toString" })).toEqual(nothing);
    expect(
      await call(simulator.port, "run_tool", {
        tool_name: "tag_add",
        kwargs: { actor_label: "Nobody", tag: "x" },
      }),
    ).toEqual(nothing);
    expect(await call(simulator.port, "run_tool", { tool_name: "tag_add", kwargs: "{not json" })).toEqual(
      nothing,
    );
    expect(
      await call(simulator.port, "run_tool", {
        tool_name: "material_apply_preset",
        kwargs: { preset: "constructor" },
      }),
    ).toEqual(nothing);
  });
});

describe("tools of the registry", () => {
  let port: number;
  let other: Running;

  beforeAll(async () => {
    other = await running();
    ({ port } = other);
  });

  afterAll(() => other.end());

  const actor = (label: string): Promise<Fields> =>
    result(port, "get_actor_properties", { actor_label: label });

  it("hide, lock, tag, rename and move actors", async () => {
    await tool(port, "actor_hide", { actor_labels: ["Crate1"] });
    await tool(port, "actor_lock", { actor_labels: ["Crate1"] });
    await tool(port, "tag_add", { actor_label: "Crate1", tag: "loot" });
    await tool(port, "actor_move_to_folder", { actor_labels: ["Crate1"], folder_path: "Loot" });
    await tool(port, "actor_set_label", { actor_label: "Crate1", new_label: "Chest" });
    expect(await actor("Chest")).toMatchObject({
      hidden: true,
      locked: true,
      tags: ["loot"],
      folder: "Loot",
    });
    expect(await tool(port, "tag_search", { tag: "loot" })).toMatchObject({ count: 1 });
    await tool(port, "actor_show", { actor_labels: ["Chest"] });
    await tool(port, "actor_unlock", { actor_labels: ["Chest"] });
    await tool(port, "tag_remove", { actor_label: "Chest", tag: "loot" });
    expect(await actor("Chest")).toMatchObject({ hidden: false, locked: false, tags: [] });
  });

  it("move what is selected", async () => {
    await result(port, "select_actors", { actor_labels: ["Crate2", "Crate3"] });
    await tool(port, "bulk_align", { axis: "x", mode: "min" });
    expect((await actor("Crate3"))["location"]).toEqual({ x: 260, y: 210, z: 50 });
    await tool(port, "bulk_mirror", { axis: "X", pivot: [200, 0, 0] });
    expect((await actor("Crate2"))["location"]).toEqual({ x: 140, y: 140, z: 50 });
    await tool(port, "bulk_snap_to_grid", { grid_size: 100 });
    expect((await actor("Crate3"))["location"]).toEqual({ x: 100, y: 200, z: 100 });
  });

  it("place props, lights, sounds, zones and signs", async () => {
    const grid = await tool(port, "pattern_grid", {
      asset_path: "/Game/Meshes/SM_Rock",
      rows: 2,
      columns: 3,
      origin: [0, -9000, 0],
    });
    expect(grid["count"]).toBe(6);
    await tool(port, "light_place", { light_type: "spot", label: "Beam" });
    await tool(port, "light_set", { actor_label: "Beam", intensity: 9 });
    expect((await actor("Beam"))["properties"]).toEqual({ intensity: 9 });
    await tool(port, "audio_set_radius", { actor_label: "Wind", radius: 5 });
    expect((await actor("Wind"))["properties"]).toEqual({ volume: 1, radius: 5 });
    await tool(port, "sign_set_text", { actor_label: "Sign", text: "Closed" });
    expect((await actor("Sign"))["properties"]).toEqual({ text: "Closed" });
    await tool(port, "zone_spawn", { label: "Zone", location: [0, 400, 0], extent: [150, 50, 50] });
    expect((await tool(port, "zone_select_contents", { zone_label: "Zone" }))["selected"]).toEqual([
      "Trigger",
      "Button",
    ]);
  });

  it("take names that all objects have for what they are", async () => {
    const value = String(Object);
    expect(await tool(port, "select_by_property", { property_name: "constructor", value })).toEqual({
      selected: [],
      count: 0,
    });
    await result(port, "spawn_actor", { class_path: "/Game/constructor" });
    expect((await result(port, "get_level_info"))["classes"]).toMatchObject({ constructor: 1 });
  });

  it("go back to a snapshot", async () => {
    await tool(port, "snapshot_save", { name: "s" });
    await result(port, "delete_actors", { actor_labels: ["Sun"] });
    expect(await tool(port, "snapshot_diff", { name: "s" })).toEqual({
      added: [],
      removed: ["Sun"],
      changed: [],
    });
    await tool(port, "snapshot_restore", { name: "s" });
    expect(await actor("Sun")).toMatchObject({ label: "Sun" });
  });

  it("write Verse into memory, inside the project only, and overwrite only when told", async () => {
    const file = { filename: "door", content: "door := class(creative_device) {}" };
    expect(await tool(port, "verse_write_file", file)).toMatchObject({ written: true });
    expect(await tool(port, "verse_write_file", file)).toMatchObject({ written: false });
    expect(await tool(port, "system_build_verse")).toMatchObject({ success: true, files: 1 });
    await tool(port, "verse_write_file", { ...file, content: "door := {", overwrite: true });
    expect(await tool(port, "system_build_verse")).toMatchObject({ success: false });
    const outside = { tool_name: "verse_write_file", kwargs: { ...file, subdir: "../.." } };
    expect(await call(port, "run_tool", outside)).toEqual({ success: true, result: null });
  });
});
