import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { REQUEST_BODY, RESPONSE_BODY } from "./call.ts";

/** What one run of the load generator saw. */
export interface Load {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Connections that failed, statuses other than 200, and answers that were another than the constant. */
  readonly errors: number;
  /** One of the wrong answers, for who has to find out. */
  readonly wrong: string | undefined;
}

const lua = (text: string): string => `[==[${text}]==]`;

/** Every answer is compared, so that a fast refusal is never counted as a call. */
const script = (headers: Readonly<Record<string, string>>): string => `
wrk.method = "POST"
wrk.body = ${lua(REQUEST_BODY)}
${Object.entries(headers)
  .map(([name, value]) => `wrk.headers["${name}"] = ${lua(value)}`)
  .join("\n")}

local expected = ${lua(RESPONSE_BODY)}
local threads = {}
wrong = 0
sample = ""

function setup(thread)
  table.insert(threads, thread)
end

function response(status, headers, body)
  if status ~= 200 or body ~= expected then
    wrong = wrong + 1
    sample = status .. " " .. body
  end
end

function done(summary, latency)
  local bad = 0
  for _, thread in ipairs(threads) do
    bad = bad + thread:get("wrong")
    if thread:get("sample") ~= "" then
      io.write("\\nWRONG " .. thread:get("sample") .. "\\n")
    end
  end
  local errors = summary.errors
  bad = bad + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format('\\nRESULT {"requests":%d,"us":%d,"p50":%d,"p99":%d,"errors":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), bad))
end
`;

export interface Generator {
  readonly run: (port: number, path: string, connections: number, seconds: number) => Promise<Load>;
}

/** Prepares `wrk`: one thread, which fills all connections as fast as they are answered. */
export const loadGenerator = (folder: string, headers: Readonly<Record<string, string>>): Generator => {
  const file = join(folder, "call.lua");
  writeFileSync(file, script(headers));
  return {
    run: async (port, path, connections, seconds) => {
      const url = `http://127.0.0.1:${String(port)}${path}`;
      const args = [
        "-t1",
        `-c${String(connections)}`,
        `-d${String(seconds)}s`,
        "--timeout",
        "5s",
        "-s",
        file,
        url,
      ];
      const child = spawn("wrk", args, { stdio: ["ignore", "pipe", "inherit"] });
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => {
        output += chunk.toString("utf8");
      });
      await once(child, "close");
      return read(output);
    },
  };
};

const read = (output: string): Load => {
  const line = /^RESULT (.*)$/mu.exec(output)?.[1];
  if (line === undefined) {
    throw new Error(`wrk gave no result:\n${output}`);
  }
  const { requests, us, p50, p99, errors } = JSON.parse(line) as Record<
    "requests" | "us" | "p50" | "p99" | "errors",
    number
  >;
  return {
    requests,
    perSecond: (requests * 1e6) / us,
    p50Ms: p50 / 1_000,
    p99Ms: p99 / 1_000,
    errors,
    wrong: /^WRONG (.*)$/mu.exec(output)?.[1],
  };
};
