import { CLIENTS, FACES, type ClientRow, type Face } from "./clients.ts";
import { differenceOf } from "./compare.ts";
import { SERVERS, type Ask, type ServerRow } from "./servers.ts";
import type { Heard, Talk, Target } from "./talk.ts";
import type { World } from "./world.ts";

/** Every client with every server, straight and through the gate, by both of the gate's faces. */

export interface Cell {
  /** `2025-11-25`, `2026-07-28, bridged`, `works` where the client shows no revision, or `no: ` and why. */
  readonly outcome: string;
  /** What was seen, for whoever looks into a cell that changed. */
  readonly detail?: string;
}

export interface Run {
  /** By row and column. */
  readonly cells: ReadonlyMap<string, ReadonlyMap<string, Cell>>;
  /** What each column's server speaks, by column. */
  readonly spoken: ReadonlyMap<string, string>;
}

const OVER = { stdio: "stdio", http: "HTTP", sse: "HTTP+SSE" } as const;
export const columnOf = ({ name, over }: ServerRow): string => `${name}, ${OVER[over]}`;
export const rowOf = ({ name }: ClientRow, face: Face): string => `${name.replace(/ \d\S*\d/u, "")}, ${face}`;

interface Conversation {
  readonly revision: string | undefined;
  readonly heard: readonly Heard[];
}

const asksOf = (server: ServerRow, client: ClientRow, face: Face): readonly Ask[] =>
  [...server.lists.map((method) => ({ method, params: {} })), ...server.asks]
    // For a client with few asks: the list of tools, and the first call.
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, client.asksMax?.[face]);

const rank = ({ method }: Ask): number => (method === "tools/list" ? 0 : method === "tools/call" ? 1 : 2);

const converse = async (client: ClientRow, target: Target, asks: readonly Ask[]): Promise<Conversation> => {
  await using talk: Talk = await client.connect(target);
  const heard: Heard[] = [];
  for (const ask of asks) {
    heard.push(await talk.ask(ask));
  }
  return { revision: talk.revision, heard };
};

interface Pair {
  readonly client: ClientRow;
  readonly server: ServerRow;
}
interface Tried extends Pair {
  readonly face: Face;
}

type Attempt = Conversation | { readonly failed: string };

const attempt = async ({ client, server, face }: Tried, target: () => Target): Promise<Attempt> => {
  try {
    return await converse(client, target(), asksOf(server, client, face));
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
};

/** More at a time than there are cores: most of it is waiting for processes to start and end. */
const AT_A_TIME = 4;

const inTurns = async <Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> => {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      for (const item of rest) {
        await work(item);
      }
    }),
  );
};

const speaks = (client: ClientRow, server: ServerRow): boolean =>
  client.era === "both" || server.era === "both" || client.era === server.era;

const key = (client: ClientRow, server: ServerRow): string => `${client.name} / ${server.key}`;

export const runMatrix = async (
  world: World,
  clients: readonly ClientRow[] = CLIENTS,
  servers: readonly ServerRow[] = SERVERS,
): Promise<Run> => {
  const pairs = clients.flatMap((client) => servers.map((server): Pair => ({ client, server })));
  const direct = new Map<string, Attempt>();
  await inTurns(pairs, async ({ client, server }) => {
    const tried: Tried = { client, server, face: "HTTP" };
    direct.set(key(client, server), await attempt(tried, () => world.direct(server)));
  });

  const tries = FACES.flatMap((face) => pairs.map(({ client, server }): Tried => ({ client, server, face })));
  const judged = new Map<Tried, Cell>();
  await inTurns(tries, async (tried) => {
    const { client, server, face } = tried;
    const target = (): Target => (face === "HTTP" ? world.overHttp(server) : world.overStdio(server));
    const gated = await attempt(tried, target);
    judged.set(tried, judge(client, server, referenceOf(client, server, clients, direct), gated));
  });

  const cells = new Map<string, Map<string, Cell>>();
  for (const tried of tries) {
    const row = rowOf(tried.client, tried.face);
    const columns = cells.get(row) ?? new Map<string, Cell>();
    columns.set(columnOf(tried.server), judged.get(tried) ?? { outcome: "no: not tried" });
    cells.set(row, columns);
  }
  return { cells, spoken: spokenBy(clients, servers, direct) };
};

const firstPage = (heard: Heard): Heard => ({ ...heard, frames: heard.frames.slice(0, 1) });

const firstPages = (attempt: Attempt | undefined): Attempt | undefined =>
  attempt !== undefined && "heard" in attempt
    ? { revision: attempt.revision, heard: attempt.heard.map(firstPage) }
    : attempt;

/** What the client hears without the gate; where it cannot talk with the server itself, what one hears that can. */
const referenceOf = (
  client: ClientRow,
  server: ServerRow,
  clients: readonly ClientRow[],
  direct: ReadonlyMap<string, Attempt>,
): Attempt => {
  const own = direct.get(key(client, server));
  const other = clients.find(({ era }) => era === "both");
  const stand = other === undefined ? undefined : direct.get(key(other, server));
  const reference = speaks(client, server) ? own : client.firstPage ? firstPages(stand) : stand;
  if (reference === undefined) {
    throw new Error(`nobody talked with ${server.key}`);
  }
  if (!speaks(client, server) && own !== undefined && "heard" in own) {
    return { failed: "the client was not expected to talk with the server, and did" };
  }
  return reference;
};

const judge = (client: ClientRow, server: ServerRow, reference: Attempt, gated: Attempt): Cell => {
  if ("failed" in reference) {
    return { outcome: `no: without the gate neither (${steady(reference.failed)})` };
  }
  if ("failed" in gated) {
    return { outcome: `no: ${situationOf(client, server)} (${steady(gated.failed)})` };
  }
  const bridged = isBridged(client, server, gated);
  const direct = reference.heard.slice(0, gated.heard.length);
  const difference = differenceOf(direct, gated.heard, bridged);
  return difference === undefined
    ? { outcome: `${gated.revision ?? "works"}${bridged ? ", bridged" : ""}` }
    : { outcome: `no: ${difference.label} is not the same`, detail: difference.detail };
};

const eraOf = (revision: string): "legacy" | "modern" => (revision >= "2026" ? "modern" : "legacy");

const isBridged = (client: ClientRow, server: ServerRow, { revision }: Conversation): boolean =>
  server.era !== "both" && (revision === undefined ? client.era : eraOf(revision)) !== server.era;

const situationOf = (client: ClientRow, server: ServerRow): string =>
  speaks(client, server) ? "no connection" : `${client.era} client on ${server.era}-only server`;

/** An error without what is different each time. */
const steady = (message: string): string =>
  message
    .replaceAll(/[\da-f]{8}-[\da-f]{4}-[\da-f-]{22}/gu, "…")
    .replaceAll(/127\.0\.0\.1:\d+/gu, "…")
    .replaceAll(/\s+/gu, " ")
    .slice(0, 200);

const spokenBy = (
  clients: readonly ClientRow[],
  servers: readonly ServerRow[],
  direct: ReadonlyMap<string, Attempt>,
): ReadonlyMap<string, string> => {
  const both = clients.filter(({ era }) => era === "both");
  return new Map(
    servers.flatMap((server) =>
      both.map((client) => {
        const talked = direct.get(key(client, server));
        const revision = talked !== undefined && "heard" in talked ? talked.revision : undefined;
        return [columnOf(server), revision ?? "unknown"] as const;
      }),
    ),
  );
};
