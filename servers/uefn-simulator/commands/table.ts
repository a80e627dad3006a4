import type { Handler } from "../session.ts";
import { ACTOR_COMMANDS } from "./actors.ts";
import { ASSET_COMMANDS } from "./assets.ts";
import { MAIN_COMMANDS } from "./main.ts";

/** The commands of the listener. */
export const COMMANDS: ReadonlyMap<string, Handler> = new Map<string, Handler>(
  Object.entries({ ...MAIN_COMMANDS, ...ACTOR_COMMANDS, ...ASSET_COMMANDS }),
);
