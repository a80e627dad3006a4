import { z } from "zod";
import { SERVERS_MAX, START_MS, START_MS_MAX, STOP_GRACE_MS, STOP_GRACE_MS_MAX } from "./limits.ts";
import { ID } from "./spec.ts";

/* The shape of orchestrator.json. The schema for editors is made from it. */

const server = z
  .strictObject({
    name: z.string().min(1).max(200).optional().describe("What people call it. Default: its id."),
    command: z.string().min(1).describe("The program. No shell reads it."),
    args: z.array(z.string()).optional(),
    cwd: z.string().min(1).optional().describe("Its folder, relative to this file. Default: this file's."),
    env: z
      .record(z.string().min(1), z.string())
      .optional()
      .describe("Added to the environment that the orchestrator has."),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe("Where it listens. It has started when this port accepts, and has stopped when it is free."),
    healthPath: z
      .string()
      .regex(/^\/[!-~]*$/u)
      .optional()
      .describe("It has started when this path of its port answers 2xx."),
    startTimeoutMs: z
      .int()
      .min(100)
      .max(START_MS_MAX)
      .optional()
      .describe(`A start that takes longer is ended. Default ${String(START_MS)}.`),
    stopTimeoutMs: z
      .int()
      .min(0)
      .max(STOP_GRACE_MS_MAX)
      .optional()
      .describe(`From SIGTERM to SIGKILL. Default ${String(STOP_GRACE_MS)}.`),
  })
  .refine(({ healthPath, port }) => healthPath === undefined || port !== undefined, {
    message: "healthPath needs a port",
    path: ["healthPath"],
  })
  .meta({ dependentRequired: { healthPath: ["port"] } });

export const orchestratorShape = z.strictObject({
  $schema: z.string().optional(),
  servers: z
    .record(z.string().regex(ID), server)
    .refine((servers) => Object.keys(servers).length <= SERVERS_MAX, {
      message: `at most ${String(SERVERS_MAX)} servers`,
    })
    .meta({ maxProperties: SERVERS_MAX, description: "The servers, each under its id." }),
});

export type OrchestratorFile = z.infer<typeof orchestratorShape>;

/** The JSON Schema of orchestrator.json. */
export const orchestratorJsonSchema = (): object => ({
  ...z.toJSONSchema(orchestratorShape, { target: "draft-2020-12", io: "input" }),
  title: "orchestrator.json",
});
