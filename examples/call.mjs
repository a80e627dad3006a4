// A client in one file, for trying: lists a server's tools, or calls one, and prints what comes back.
//
//   TOLLGATE_TOKEN=… node examples/call.mjs SERVER [TOOL [ARGUMENTS]]
//
// The gateway is at TOLLGATE_URL, by default where `tollgate serve` listens.

const [server, name, args = "{}"] = process.argv.slice(2);
const url = `${process.env.TOLLGATE_URL ?? "http://127.0.0.1:7410"}/mcp/${server}`;

if (!process.env.TOLLGATE_TOKEN) {
  console.error(
    "TOLLGATE_TOKEN is empty. Put the token of a grant there, as `tollgate grant create` prints it.",
  );
  process.exit(1);
}

const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};

const ask = async (method, params) => {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${process.env.TOLLGATE_TOKEN}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      ...(name === undefined ? {} : { "mcp-name": name }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: META } }),
  }).catch(() => {
    console.error(`No gateway answers at ${url}. Start it first, or name another with TOLLGATE_URL.`);
    process.exit(1);
  });
  const text = await response.text();
  // A stream of events ends with the answer.
  return JSON.parse(
    text.startsWith("{")
      ? text
      : text
          .match(/^data: .*$/gmu)
          .at(-1)
          .slice(6),
  );
};

const show = ({ error, result }) => {
  if (error !== undefined) {
    console.log(`error ${error.code}: ${error.message}`);
  }
  result?.tools?.forEach((tool) => console.log(tool.name));
  result?.content?.forEach((part) => console.log(part.text ?? `(${part.type})`));
  const decision = result?._meta?.["tollgate/decision"];
  if (decision !== undefined) {
    console.log(JSON.stringify(decision));
  }
};

show(
  name === undefined
    ? await ask("tools/list", {})
    : await ask("tools/call", { name, arguments: JSON.parse(args) }),
);
