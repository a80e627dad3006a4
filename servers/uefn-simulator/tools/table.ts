import { REGISTRY_NAMES } from "../registry.ts";
import type { Handler, Handlers } from "../session.ts";
import { BULK_TOOLS } from "./bulk.ts";
import { DEVICE_TOOLS } from "./devices.ts";
import { ORGANIZE_TOOLS } from "./organize.ts";
import { PLACE_TOOLS } from "./place.ts";
import { PROJECT_TOOLS } from "./project.ts";
import { VERSE_TOOLS } from "./verse.ts";

const LISTENER_TOOLS = {
  mcp_start: () => ({ running: true, note: "It runs already" }),
  mcp_status: (_params, session) => session.status(),
  mcp_stop: async (_params, session) => {
    await session.stop(false);
    return { stopped: true };
  },
  mcp_restart: async (_params, session) => {
    await session.stop(true);
    return { restarted: true };
  },
} satisfies Handlers;

/** A tool of which nothing is known but its name: it answers, and changes nothing. */
const known =
  (tool: string): Handler =>
  (_params, { level }) => ({ tool, done: true, simulated: true, selected: level.selection.length });

const played: ReadonlyMap<string, Handler> = new Map<string, Handler>(
  Object.entries({
    ...LISTENER_TOOLS,
    ...ORGANIZE_TOOLS,
    ...BULK_TOOLS,
    ...PLACE_TOOLS,
    ...DEVICE_TOOLS,
    ...PROJECT_TOOLS,
    ...VERSE_TOOLS,
  }),
);

/**
 * What `run_tool` finds: every name of the registry. Beside them five that bridges send though no list of the registry
 * that we know has them (actor_set_label, landscape_create, proximity_find, sign_set_text, viewport_orbit): they answer
 * too, so that every tool of a bridge has something behind it.
 */
export const TOOLS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ...REGISTRY_NAMES.map((name) => [name, known(name)] as const),
  ...played,
]);
