import { request, type ClientRequest, type IncomingMessage } from "node:http";
import { LIMITS } from "../../base/limits.ts";
import type { Outgoing } from "./requests.ts";

/** What came back. */
export interface Heard {
  /** Absent where no answer came. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
  readonly text: string;
}

const NOTHING: Heard = { status: undefined, headers: {}, bytes: 0, text: "" };

/** Sends one request as written, and waits for all of its answer, or as long as an agent waits. */
export const exchange = async (base: string, outgoing: Outgoing): Promise<Heard> => {
  const { hostname, port } = new URL(base);
  const { method, path, headers, body } = outgoing;
  const named = headers.map(([name]) => name.toLowerCase());
  const all = [
    ...(named.includes("host") ? [] : [["host", `${hostname}:${port}`] as const]),
    ...headers,
    ["content-length", String(Buffer.byteLength(body))] as const,
  ];
  let sent: ClientRequest | undefined;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), LIMITS.attack_answer_ms);
  try {
    // Refuses what it would not write, such as a line break in a header.
    sent = request({
      host: hostname,
      port,
      method,
      path,
      headers: all.flat(),
      agent: false,
      signal: late.signal,
    });
    const answered = answerTo(sent);
    sent.end(body);
    return await wholeOf(await answered);
  } catch {
    return NOTHING;
  } finally {
    clearTimeout(timer);
    sent?.destroy();
  }
};

const answerTo = (sent: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    sent.on("response", resolve);
    sent.on("error", reject);
  });

const wholeOf = async (response: IncomingMessage): Promise<Heard> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    bytes += part.length;
    if (bytes <= LIMITS.attack_answer_bytes_max) {
      chunks.push(part);
    }
  }
  return {
    status: response.statusCode,
    headers: Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
    ),
    bytes,
    text: Buffer.concat(chunks).toString("utf8"),
  };
};
