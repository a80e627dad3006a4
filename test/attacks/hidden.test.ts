import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALL, Gateway, temporaryDirectory, tokenOf, type Message } from "../support/gateway.ts";
import { ask, Legacy, Scripted } from "../support/peers.ts";

// What a policy hides is in no byte that a client gets, whatever it asks and whatever the server says. The names that
// are looked for are nowhere but on the server: a client that has not been told of them cannot have sent them.

const CANARY = /canar(?:y|ies)/iu;
const free = { type: "object", additionalProperties: true };
const has = {
  tools: ["open", "touch", "notice", "canary_tool", "Canary_Tool2"].map((name) => ({
    name,
    inputSchema: free,
  })),
  resources: ["open://a", "canary://b", "open://c/canary"].map((uri) => ({ uri, name: uri })),
  resourceTemplates: ["open://t/{id}", "canary://t/{id}", "open://{any}/canary/{id}"].map((uriTemplate) => ({
    uriTemplate,
    name: uriTemplate,
  })),
  prompts: [{ name: "open" }, { name: "canary_prompt" }],
  acknowledges: ["canary://b"],
};
const SERVERS = ["both", "old", "new"] as const;
const ERAS = { both: "both", old: "legacy", new: "modern" } as const;

let gateway: Gateway;
let servers: readonly Scripted[];

beforeAll(async () => {
  const directory = temporaryDirectory();
  servers = await Promise.all(SERVERS.map((name) => Scripted.start(directory, name, has, ERAS[name])));
  const grant = (name: string, server: string | readonly string[]): object => ({
    identity: "a",
    server,
    policy: "p",
    token: tokenOf(name),
  });
  gateway = await Gateway.start(
    {
      mcpServers: Object.fromEntries(servers.map(({ name, entry }) => [name, entry])),
      policies: {
        p: {
          version: "1",
          default: "allow",
          hide: ["canary*", "Canary*"],
          resources: ["open://a", "open://t/*"],
          prompts: ["open"],
          methods: ["vendor/open"],
        },
      },
      identities: { a: {} },
      grants: {
        ...Object.fromEntries(SERVERS.map((name) => [name, grant(name, name)])),
        all: grant("all", SERVERS),
        mixed: grant("mixed", ["both", "old"]),
      },
    },
    directory,
  );
});

afterAll(async () => {
  await Promise.all([gateway, ...servers].map((each) => each[Symbol.asyncDispose]()));
});

/** What can be asked without knowing a hidden name: everything there is, and much that is not. */
const questions = (prefix: string): readonly (readonly [string, Record<string, unknown>])[] => {
  const named = ["tools/call", "prompts/get"].flatMap((method) =>
    ["open", "", "*", "can", "ool", "__", "open canar", "%63anary", "nothing"].map(
      (name) => [method, { name: prefix + name, arguments: {} }] as const,
    ),
  );
  const read = ["open://a", "open://t/1", "open://c/", "can://b", "", "*", "open://{any}"].map(
    (uri) => ["resources/read", { uri }] as const,
  );
  const refs = [
    { type: "ref/prompt", name: `${prefix}open` },
    { type: "ref/prompt", name: `${prefix}can` },
    { type: "ref/resource", uri: "open://t/{id}" },
    { type: "ref/resource", uri: "open://{any}" },
  ];
  return [
    ...["tools/list", "prompts/list", "resources/list", "resources/templates/list"].flatMap((method) => [
      [method, {}] as const,
      [method, { cursor: "x" }] as const,
    ]),
    ...named,
    ...read,
    ...refs.map((ref) => ["completion/complete", { ref, argument: { name: "id", value: "" } }] as const),
    ["vendor/open", {}],
    ["vendor/closed", {}],
    ["tools/call", {}],
    ["tools/call", { name: `${prefix}open`, arguments: [] }],
    ["tasks/get", { taskId: "x" }],
    ["server/discover", {}],
  ];
};

/** What a server says of hidden things unasked. */
const rumours: readonly object[] = [
  { method: "notifications/resources/updated", params: { uri: "canary://b" } },
  { method: "notifications/resources/updated", params: { uri: "open://c/canary" } },
  { method: "notifications/resources/updated", params: { uri: "open://t/../canary" } },
];

const PATHS = [
  ["both", "both", ""],
  ["old", "old", ""],
  ["new", "new", ""],
  [ALL, "all", "both__"],
  [ALL, "mixed", "old__"],
] as const;

describe("what a policy hides", () => {
  it.each(PATHS)("is in no byte that a legacy client gets of %j as %s", async (path, grant, prefix) => {
    const session = await Legacy.open(gateway, [path, grant], { sampling: {}, elicitation: {}, roots: {} });
    const standing = await session.listen();
    for (const [method, params] of [
      ...questions(prefix),
      ["ping", {}],
      ["logging/setLevel", { level: "debug" }],
    ] as const) {
      await session.request(method, params);
    }
    await session.request("resources/subscribe", { uri: "open://t/1" });
    await session.tell("notifications/canar", {});
    for (const message of [...rumours, { method: "notifications/tools/list_changed" }]) {
      await session.call(`${prefix}notice`, { message });
    }
    await standing.notified("notifications/tools/list_changed");
    const bytes = session.heard.map((heard) => heard.bytes).join("\n");
    expect(bytes).toContain("did open");
    expect(bytes).not.toMatch(CANARY);
  });

  it.each(PATHS)("is in no byte that a modern client gets of %j as %s", async (path, grant, prefix) => {
    const heard = [];
    for (const [method, params] of questions(prefix)) {
      const answer = await ask(gateway, [path, grant], method, params);
      await answer.closed;
      heard.push(answer);
    }
    const notifications = {
      resourceSubscriptions: ["open://a", "open://t/1"],
      toolsListChanged: true,
      resourcesListChanged: true,
    };
    const subscribed = await ask(gateway, [path, grant], "subscriptions/listen", { notifications });
    heard.push(subscribed);
    await subscribed.notified("notifications/subscriptions/acknowledged");
    for (const message of [...rumours, { method: "notifications/tools/list_changed" }]) {
      const said = await ask(gateway, [path, grant], "tools/call", {
        name: `${prefix}notice`,
        arguments: { message },
      });
      heard.push(said);
      await said.closed;
    }
    await subscribed.notified("notifications/tools/list_changed");
    subscribed.close();
    const bytes = heard.map((each) => each.bytes).join("\n");
    expect(bytes).toContain("did open");
    expect(bytes).not.toMatch(CANARY);
  });

  it.each(PATHS)(
    "is answered like what does not exist, to who guesses, of %j as %s",
    async (path, grant, prefix) => {
      const session = await Legacy.open(gateway, [path, grant]);
      const guess = async (
        method: string,
        paramsOf: (name: string) => Record<string, unknown>,
        names: readonly string[],
      ) => {
        const bodies = async (name: string) => {
          const params = paramsOf(name);
          const asked = [
            await session.request(method, params),
            await (await ask(gateway, [path, grant], method, params)).answer(),
          ];
          return asked.map(({ result, error }: Message) =>
            JSON.stringify({ result, error }).replaceAll(name, "NAME"),
          );
        };
        const all = await Promise.all(names.map(bodies));
        expect(new Set(all.map((each) => JSON.stringify(each))).size).toBe(1);
      };
      await guess("tools/call", (name) => ({ name: prefix + name, arguments: {} }), [
        "canary_tool",
        "Canary_Tool2",
        "nothing",
      ]);
      await guess("resources/read", (uri) => ({ uri }), [
        "canary://b",
        "open://c/canary",
        "canary://t/1",
        "no://thing",
      ]);
      await guess("prompts/get", (name) => ({ name: prefix + name }), ["canary_prompt", "nothing"]);
      const complete = (ref: object) => ({ ref, argument: { name: "id", value: "" } });
      await guess("completion/complete", (uri) => complete({ type: "ref/resource", uri }), [
        "canary://t/{id}",
        "no://{id}",
      ]);
      await guess("completion/complete", (name) => complete({ type: "ref/prompt", name: prefix + name }), [
        "canary_prompt",
        "nothing",
      ]);
      const arrived = servers
        .flatMap((server) => server.journal())
        .filter(({ method }) => method !== undefined && ASKED.has(method));
      expect(
        arrived.filter(({ params }) => CANARY.test(JSON.stringify({ ...params, arguments: {} }))),
      ).toEqual([]);
    },
  );
});

const ASKED: ReadonlySet<string> = new Set([
  "tools/call",
  "resources/read",
  "prompts/get",
  "completion/complete",
  "resources/subscribe",
  "subscriptions/listen",
]);
