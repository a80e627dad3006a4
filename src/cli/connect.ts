import { CommandFailure, EXIT, type CommandSpec } from "./command.ts";

export const connect: CommandSpec = {
  path: ["connect"],
  summary: "reach a gateway elsewhere over stdio, for a client that only starts commands",
  options: [
    { flags: "--url <url>", description: "the server's endpoint at the gateway", required: true },
    {
      flags: "--token <token>",
      description:
        "the grant's token (default: the environment's TOLLGATE_TOKEN, which is better: others on this machine can read a command line)",
    },
  ],
  examples: [
    "TOLLGATE_TOKEN=… tollgate connect --url https://gate.example.com/mcp/orchestrator",
    'tollgate connect --url http://127.0.0.1:7410/mcp/orchestrator --token "$(cat token.txt)"',
  ],
  run: async ({ given, ports, terminal }) => {
    const token = tokenOf(given.text("token") ?? terminal.env["TOLLGATE_TOKEN"]);
    const url = urlOf(given.text("url") ?? "");
    if (token !== undefined && url.protocol === "http:" && !isLoopback(url.hostname)) {
      throw new CommandFailure(
        "--url: a token is not sent over plain http to another machine, where anybody on the way could read it. Use https.",
        EXIT.usage,
      );
    }
    return ports.connect({ url: url.href, token });
  },
};

/** RFC 6750 section 2.1. Says nothing of the value. */
const tokenOf = (given: string | undefined): string | undefined => {
  const token = given?.trim() ?? "";
  if (token !== "" && !/^[\w\-.~+/]+=*$/u.test(token)) {
    throw new CommandFailure("The token has characters that no token has.", EXIT.usage);
  }
  return token === "" ? undefined : token;
};

const urlOf = (text: string): URL => {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new CommandFailure(
      "--url is an http or https URL, such as https://gate.example.com/mcp/orchestrator.",
      EXIT.usage,
    );
  }
  return url;
};

/** RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3. The URL parser has written addresses in one form. */
const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/u.test(host);
