#!/usr/bin/env node
import { onThisNode } from "../mcp/node-version.ts";

await onThisNode("tollgate-node-orchestrator", () => import("./program.ts"));
