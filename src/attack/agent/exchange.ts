import { request, type IncomingMessage } from "node:http";
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
  const sent = request({ host: hostname, port, method, path, headers: all.flat(), agent: false });
  const late = setTimeout(() => sent.destroy(new Error("late")), LIMITS.attack_answer_ms);
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.on("response", resolve);
    sent.on("error", reject);
  });
  sent.end(body);
  try {
    return await wholeOf(await answered);
  } catch {
    return NOTHING;
  } finally {
    clearTimeout(late);
    sent.destroy();
  }
};

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
