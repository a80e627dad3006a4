import { readFileSync } from "node:fs";
import { readJson } from "../base/json-read.ts";
import { isJsonObject, member } from "../base/json-value.ts";
import { systemClock } from "../base/clock.ts";
import { createSchemaCompiler } from "../catalogue/input-schema.ts";
import type { Ports } from "../cli/ports.ts";
import type { Terminal } from "../cli/terminal.ts";
import { createCounters } from "../meter/counters.ts";
import { makeFolder } from "../store/make-folder.ts";
import { configurationAt } from "./configuration.ts";

/**
 * What commands are given to work with: every adapter there is. Those that bring much with them (the store, HTTP) are
 * loaded when a command asks: judging a line of calls needs none of them.
 */
export const createPorts = (terminal: Terminal): Ports => {
  const compileSchema = createSchemaCompiler();
  const version = packageVersion();
  const from = { terminal, compileSchema, version };
  return {
    version,
    nodeVersion: process.versions.node,
    clock: systemClock,
    compileSchema,
    createCounters,
    configuration: (where) => configurationAt(from, where).facts,
    serve: async (options) => (await import("./run-gateway.ts")).runServe(from, options),
    wrap: async (options) => (await import("./run-gateway.ts")).runWrap(from, options),
    connect: async (options) => (await import("./run-connect.ts")).runConnect(from, options),
    grants: async (where) => (await import("./grants.ts")).openGrants(from, where),
    freezes: async (where) => (await import("./freezes.ts")).openFreezes(from, where),
    overrides: async (where) => (await import("./overrides.ts")).openOverrides(from, where),
    overridesOf: async (where) => (await import("./overrides.ts")).overridesOf(from, where),
    audit: async (where) => (await import("./audit.ts")).openAudit(from, where),
    auditSearch: async (where, update) => (await import("./audit-search.ts")).openSearch(from, where, update),
    scan: async (where, server) => (await import("./scan.ts")).scanServer(from, where, server),
    scanCommand: async (name, command, startMs) =>
      (await import("./scan.ts")).scanCommand(from, name, command, startMs),
    catalogue: async (where) => (await import("./catalogue.ts")).openCatalogue(from, where),
    keepEntry: async (where, entry) => (await import("./catalogue-scans.ts")).keepEntry(from, where, entry),
    keptEntry: async (where, name) => (await import("./catalogue-scans.ts")).keptEntry(from, where, name),
    wrapRecord: async (name) => (await import("./wrap-data.ts")).wrapRecord(from, name),
    makeFolder,
    buildCatalogue: async (options) => (await import("./catalogue-build.ts")).buildCatalogue(from, options),
    attacks: async () => (await import("./attacks.ts")).listAttacks(),
    playAttacks: async (options) => (await import("./attacks.ts")).playAttacks(options),
    triedGrant: async (where, grant) => (await import("./attacks.ts")).triedGrant(from, where, grant),
    portFinding: async (config, data) => (await import("./findings.ts")).portFinding(config, data),
    dataFinding: async (data) => (await import("./findings.ts")).dataFinding(data),
    interrupted: interruption,
  };
};

/** What every adapter here is made from. */
export interface From {
  readonly terminal: Terminal;
  readonly compileSchema: Ports["compileSchema"];
  readonly version: string;
}

const packageVersion = (): string => {
  const value = readJson(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const version = isJsonObject(value) ? member(value, "version") : undefined;
  return typeof version === "string" ? version : "unknown";
};

/** Listens for the signal only where a command asks: for all others it ends the process as usual. */
const interruption = (): AbortSignal => {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  process.once("SIGTERM", () => controller.abort());
  process.once("SIGHUP", () => controller.abort());
  return controller.signal;
};
