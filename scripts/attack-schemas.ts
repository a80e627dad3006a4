import { writeFileSync } from "node:fs";
import { attackSchemas } from "../src/attack/schemas.ts";

/** Writes the schemas of an attack's two files from the shapes that the reader has. Run it, then `npm run format`. */
for (const [name, schema] of Object.entries(attackSchemas())) {
  writeFileSync(new URL(`../schema/${name}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
