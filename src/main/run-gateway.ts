import { resolve } from "node:path";
import { systemClock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { EXIT } from "../cli/command.ts";
import type { ServeOptions, WrapOptions } from "../cli/ports.ts";
import { serve, type Running } from "../serve.ts";
import { createLog, type LogLevel } from "../serve/log.ts";
import { wrap } from "../serve/wrap.ts";
import { createMasker } from "../upstream/mask.ts";
import { configurationAt } from "./configuration.ts";
import { inputUntil, signal } from "./pipe.ts";
import type { From } from "./ports.ts";
import { wrapData } from "./wrap-data.ts";

/** Serves until SIGTERM or SIGINT. A second one ends the process at once, as if nobody listened. */
export const runServe = async (from: From, options: ServeOptions): Promise<number> => {
  const { terminal, version } = from;
  const { facts, loaded, path } = configurationAt(from, options);
  const stopped = signal("SIGTERM", "SIGINT");
  const running = await serve({
    from: { path, cwd: terminal.cwd, env: terminal.env },
    dataDirectory: facts.data,
    host: options.host,
    port: options.port,
    log: logFor(from, options.logLevel, loaded?.config.secrets ?? []),
    version,
  });
  const reload = onHangup(running);
  await terminal.out(`tollgate ready on ${running.url}\n`);
  await stopped;
  process.off("SIGHUP", reload);
  await running[Symbol.asyncDispose]();
  return EXIT.done;
};

const onHangup = (running: Running): (() => void) => {
  const reload = (): void => void running.reload();
  process.on("SIGHUP", reload);
  return reload;
};

const logFor = ({ terminal }: From, level: LogLevel, secrets: readonly string[]): Log =>
  createLog({
    write: terminal.err,
    readable: terminal.errIsTerminal,
    level,
    now: systemClock.now,
    mask: createMasker(secrets).maskText,
  });

/** One stdio server behind the gate, for as long as the client keeps the pipe open. */
export const runWrap = async (from: From, options: WrapOptions): Promise<number> => {
  const { terminal, version } = from;
  const [command, ...args] = options.command;
  await wrap({
    policyFile: resolve(terminal.cwd, options.policy),
    name: options.name,
    command,
    args,
    cwd: terminal.cwd,
    env: terminal.env,
    dataDirectory: wrapData(from, options),
    input: inputUntil(signal("SIGTERM", "SIGINT")),
    output: process.stdout,
    log: logFor(from, "info", []),
    version,
  });
  return EXIT.done;
};
