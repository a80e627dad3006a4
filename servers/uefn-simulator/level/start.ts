import { baseName, Level, type Spawn } from "./level.ts";

// The level that the simulator opens: a little of everything that a tool looks for.

const DEVICES = "/Game/Creative/Devices";

/** Words that people use, and the class of the device they mean. */
export const DEVICE_ALIASES: Readonly<Record<string, string>> = {
  barrier: `${DEVICES}/Device_Barrier`,
  button: `${DEVICES}/Device_Button`,
  "item granter": `${DEVICES}/Device_ItemGranter`,
  "item spawner": `${DEVICES}/Device_ItemSpawner`,
  mutator: `${DEVICES}/Device_MutatorZone`,
  "player spawner": `${DEVICES}/Device_PlayerSpawner`,
  score: `${DEVICES}/Device_ScoreManager`,
  teleporter: `${DEVICES}/Device_Teleporter`,
  timer: `${DEVICES}/Device_Timer`,
  trigger: `${DEVICES}/Device_Trigger`,
};

export const isDevice = ({ class: name }: { readonly class: string }): boolean => name.includes("/Device_");

const ENGINE = "/Script/Engine";

/** Classes that tools place and look for. */
export const CLASSES = {
  mesh: `${ENGINE}.StaticMeshActor`,
  pointLight: `${ENGINE}.PointLight`,
  sun: `${ENGINE}.DirectionalLight`,
  sound: `${ENGINE}.AmbientSound`,
  text: `${ENGINE}.TextRenderActor`,
  postProcess: `${ENGINE}.PostProcessVolume`,
  landscape: "/Script/Landscape.Landscape",
  spline: `${ENGINE}.SplineActor`,
  niagara: "/Script/Niagara.NiagaraActor",
  playerStart: `${ENGINE}.PlayerStart`,
} as const;

const ASSETS: Readonly<Record<string, readonly string[]>> = {
  StaticMesh: [
    "/Game/Meshes/SM_Crate",
    "/Game/Meshes/SM_Tree",
    "/Game/Meshes/SM_Rock",
    "/Game/Meshes/SM_Floor",
  ],
  Material: ["/Game/Materials/M_Base", "/Game/Materials/M_Grass", "/Game/Materials/M_Stone"],
  Texture2D: ["/Game/Textures/T_Grass", "/Game/Textures/T_Stone"],
  Blueprint: ["/Game/Blueprints/BP_Door", "/Game/Blueprints/BP_Lamp"],
  SoundWave: ["/Game/Audio/S_Wind", "/Game/Audio/S_Steps"],
  NiagaraSystem: ["/Game/Effects/NS_Fire", "/Game/Effects/NS_Smoke"],
  World: ["/Game/Maps/Island"],
};

const crate = (number: number): Spawn => ({
  label: `Crate${String(number)}`,
  class: CLASSES.mesh,
  asset: "/Game/Meshes/SM_Crate",
  location: { x: 130 * number, y: 70 * number, z: 50 },
  properties: { material: "/Game/Materials/M_Base" },
});

const ACTORS: readonly Spawn[] = [
  { label: "Ground", class: CLASSES.landscape, properties: { material: "/Game/Materials/M_Grass" } },
  {
    label: "Floor",
    class: CLASSES.mesh,
    asset: "/Game/Meshes/SM_Floor",
    properties: { material: "/Game/Materials/M_Stone" },
  },
  crate(1),
  crate(2),
  crate(3),
  {
    label: "Sun",
    class: CLASSES.sun,
    properties: { intensity: 10, color: [255, 244, 214], temperature: 6500 },
  },
  {
    label: "Lamp",
    class: CLASSES.pointLight,
    location: { x: 300, y: 0, z: 250 },
    properties: { intensity: 5000, color: [255, 255, 255], radius: 1000, temperature: 4000 },
  },
  { label: "Start", class: CLASSES.playerStart, location: { x: -400, y: 0, z: 100 } },
  {
    label: "Trigger",
    class: `${DEVICES}/Device_Trigger`,
    location: { x: 0, y: 400, z: 0 },
    properties: { bIsEnabled: true },
  },
  {
    label: "Button",
    class: `${DEVICES}/Device_Button`,
    location: { x: 100, y: 400, z: 0 },
    properties: { bIsEnabled: true, InteractionText: "Press" },
  },
  {
    label: "PatrolPath",
    class: CLASSES.spline,
    properties: {
      points: [
        [0, 0, 0],
        [500, 0, 0],
        [500, 500, 0],
      ],
    },
  },
  {
    label: "Sign",
    class: CLASSES.text,
    location: { x: 0, y: -300, z: 120 },
    properties: { text: "Welcome" },
  },
  {
    label: "Wind",
    class: CLASSES.sound,
    asset: "/Game/Audio/S_Wind",
    properties: { volume: 1, radius: 2000 },
  },
];

export const startingLevel = (): Level => {
  const level = new Level();
  for (const [name, paths] of Object.entries(ASSETS)) {
    for (const path of paths) {
      level.putAsset({ path, class: name, properties: { name: baseName(path) }, dirty: false });
    }
  }
  for (const actor of ACTORS) {
    level.spawn(actor);
  }
  level.dirty = false;
  level.config.set("grid_size", "100");
  level.config.set("theme", "dark");
  return level;
};
