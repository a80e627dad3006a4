#!/usr/bin/env node
import { onThisNode } from "../mcp/node-version.ts";

await onThisNode("tollgate-uefn-simulator", () => import("./program.ts"));
