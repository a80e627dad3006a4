import { connectNew, connectOld, MODERN_ONLY } from "./clients.ts";
import { SERVERS, type ServerRow } from "./servers.ts";
import type { Talk, Target } from "./talk.ts";
import type { World } from "./world.ts";

/**
 * The demonstration server offers some tools only to clients that declared what these need. Two clients of one grant,
 * connected at the same time, must each see their own.
 */

const FULL = { sampling: {}, elicitation: {}, roots: { listChanged: true } };

export interface Seen {
  /** Names of tools, for a client that declared nothing. */
  readonly plain: readonly string[];
  /** For a client that declared sampling, elicitation and roots. */
  readonly full: readonly string[];
}

const toolsOf = async (talk: Talk): Promise<readonly string[]> => {
  const { frames } = await talk.ask({ method: "tools/list", params: {} });
  return frames.flatMap((page) =>
    (page as { readonly tools: readonly { readonly name: string }[] }).tools.map(({ name }) => name),
  );
};

type Connect = (target: Target, capabilities: Readonly<Record<string, object>>) => Promise<Talk>;

const CONNECT = {
  legacy: connectOld,
  modern: (target, capabilities) => connectNew(target, MODERN_ONLY, capabilities),
} as const satisfies Readonly<Record<string, Connect>>;

/** Both connect before either asks, and the one that asked first asks once more after the other. */
const lookBeside = async (connect: Connect, target: Target): Promise<Seen> => {
  await using plain = await connect(target, {});
  await using full = await connect(target, FULL);
  const first = await toolsOf(plain);
  const others = await toolsOf(full);
  const again = await toolsOf(plain);
  if (first.join() !== again.join()) {
    throw new Error(`the list changed under a client: ${first.join()} became ${again.join()}`);
  }
  return { plain: first, full: others };
};

export interface Looks {
  readonly server: ServerRow;
  readonly direct: Seen;
  readonly legacy: Seen;
  readonly modern: Seen;
}

/** The server over stdio and over HTTP. */
export const CAPABLE = SERVERS.filter(({ name, over }) => name === "everything" && over !== "sse");

export const lookAt = async (world: World, server: ServerRow): Promise<Looks> => ({
  server,
  direct: await lookBeside(CONNECT.legacy, world.direct(server)),
  legacy: await lookBeside(CONNECT.legacy, world.overHttp(server)),
  modern: await lookBeside(CONNECT.modern, world.overHttp(server)),
});
