// What `npm start` is given behind `--`.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { CONFIG_NAME, portOf } from "./places.ts";

const HELP = `npm start [-- OPTIONS]

Starts on loopback what ${CONFIG_NAME} names, and ends it with Ctrl+C:

  port 7410   the gateway, with a policy and a token for each of the two servers behind it
  port 7411   a simulator of the UEFN editor; the bridge to it is started by the gateway
  port 7412   an orchestrator, with two small web servers to start and stop (ports 7421 and 7422)

  --data DIR         the data directory of the gateway, with the simulator's journal (.tollgate of the checkout, where
                     the secret of bridge and simulator always is)
  --port N, --host ADDRESS, --log-level LEVEL
                     of the gateway, as \`tollgate serve\` takes them
  -h, --help         says this
`;

const OPTIONS = {
  data: { type: "string" },
  port: { type: "string" },
  host: { type: "string" },
  "log-level": { type: "string" },
  config: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

export interface Options {
  /** Absolute. */
  readonly data: string;
  /** Where it is not the configuration's; 0 is any free one. */
  readonly port: number | undefined;
  /** For the gateway, as they were given. */
  readonly passed: readonly string[];
}

/** What is only said, and nothing done. */
export interface Said {
  readonly text: string;
  readonly code: 0 | 2;
}

const wrong = (text: string): Said => ({ text, code: 2 });

const parsed = (
  args: readonly string[],
): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"] | Said => {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    return wrong(error instanceof Error ? error.message.replaceAll(/\s+/gu, " ") : String(error));
  }
};

/** `from` is the folder of whoever gives them, `root` the checkout's. */
export const readOptions = (args: readonly string[], from: string, root: string): Options | Said => {
  const values = parsed(args);
  if ("text" in values) {
    return values;
  }
  if (values.help) {
    return { text: HELP, code: 0 };
  }
  if (values.config !== undefined) {
    return wrong(`npm start serves ${CONFIG_NAME}. For another: npx tollgate serve --config FILE`);
  }
  if (values.data === "") {
    return wrong("--data is a folder.");
  }
  const port = portOf(values.port);
  if (values.port !== undefined && port === undefined) {
    return wrong("--port is a number from 0 to 65535.");
  }
  const passed = (["port", "host", "log-level"] as const).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
  return {
    data: values.data === undefined ? join(root, ".tollgate") : resolve(from, values.data),
    port,
    passed,
  };
};
