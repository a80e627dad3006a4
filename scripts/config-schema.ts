import { writeFileSync } from "node:fs";
import { configJsonSchema } from "../src/config/shape.ts";

/** Writes schema/config.schema.json from the shape that the loader reads. Run it, then `npm run format`. */
writeFileSync(
  new URL("../schema/config.schema.json", import.meta.url),
  `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
);
