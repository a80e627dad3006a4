import { writeFileSync } from "node:fs";
import { orchestratorJsonSchema } from "../servers/node-orchestrator/shape.ts";

/** Writes schema/orchestrator.schema.json from the shape that the orchestrator reads. Run it, then `npm run format`. */
writeFileSync(
  new URL("../schema/orchestrator.schema.json", import.meta.url),
  `${JSON.stringify(orchestratorJsonSchema(), null, 2)}\n`,
);
