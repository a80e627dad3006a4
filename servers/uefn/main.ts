#!/usr/bin/env node
import { onThisNode } from "../mcp/node-version.ts";

await onThisNode("tollgate-uefn", () => import("./program.ts"));
