import { fileURLToPath } from "node:url";
import { createSchemaCompiler } from "../../src/catalogue/input-schema.ts";
import type { JsonObject } from "../../src/base/json-value.ts";
import { listRealServers } from "../../src/main/catalogue-real.ts";
import { namesOnly, NAMES_ONLY } from "./labels.ts";
import type { Definitions } from "./measure.ts";

const pathOf = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The snapshot's servers themselves, installed once, started, and asked. */
export const realDefinitions = async (): Promise<Definitions> => {
  const listings = await listRealServers({
    version: "0.0.0",
    compileSchema: createSchemaCompiler(),
    servers: pathOf("catalogue/servers"),
    cache: pathOf("node_modules/.cache/tollgate-catalogue"),
    env: process.env,
  });
  const found = new Map<string, ReadonlyMap<string, JsonObject>>();
  for (const { server, scan } of listings) {
    if (!scan.ok) {
      throw new Error(`${server.package}: ${scan.reason} ${scan.stderr}`);
    }
    found.set(server.package, new Map(scan.tools.map(({ name, definition }) => [name, definition])));
  }
  found.set(
    NAMES_ONLY,
    new Map(namesOnly().map((tool) => [JSON.stringify(tool["name"]).slice(1, -1), tool])),
  );
  return found;
};
