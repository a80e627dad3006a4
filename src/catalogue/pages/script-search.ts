/** The search of the pages: reads what `searchIndexScript` writes. Pure, so that it can be tried without a page. */
export const SEARCH_SCRIPT = String.raw`
var tollgateSearch = (() => {
  const wordsOf = (query) => query.toLowerCase().split(/\s+/).filter((word) => word !== "");

  const pair = (text) => {
    const tab = text.indexOf("\t");
    return tab === -1 ? [text, text] : [text.slice(0, tab), text.slice(tab + 1)];
  };

  const read = ({ kinds, servers }) => {
    const tools = [];
    const rows = servers.map(([who, list, letters]) => {
      const [name, file] = pair(who);
      const server = { name, file, lower: name.toLowerCase(), tools: letters.length };
      const entries = letters === "" ? [] : list.split("\n");
      for (let at = 0; at < entries.length; at += 1) {
        const tab = entries[at].indexOf("\t");
        const shown = tab === -1 ? entries[at] : entries[at].slice(0, tab);
        const lower = shown.toLowerCase();
        tools.push({ text: entries[at], lower, hay: lower + "\n" + server.lower, server, code: letters.charCodeAt(at) - 65 });
      }
      return server;
    });
    return { kinds, servers: rows, tools };
  };

  const rankOf = (lower, query, words) =>
    lower === query ? 0 : lower.startsWith(query) ? 1 : words.every((word) => lower.includes(word)) ? 2 : 3;

  const shown = ({ kinds }, { text, server, code }) => {
    const [name, file] = pair(text);
    const verdict = code >> 1;
    return {
      name,
      server: server.name,
      href: "tools/" + server.file + "/" + file + ".html",
      class: kinds.classes[Math.floor(verdict / kinds.risks.length)],
      risk: kinds.risks[verdict % kinds.risks.length],
      unsure: code % 2 === 1,
    };
  };

  /** classes, risks: names to keep; none: all. At most so many tools come back, the nearest first. */
  const find = (index, asked, classes, risks, most) => {
    const { kinds } = index;
    const words = wordsOf(asked);
    const query = words.join(" ");
    const verdicts = kinds.classes.flatMap((is) => kinds.risks.map((risk) =>
      (classes.length === 0 || classes.includes(is)) && (risks.length === 0 || risks.includes(risk))));
    const ranks = [[], [], [], []];
    let total = 0;
    // The longest word is in the fewest names.
    const inOrder = words.slice().sort((a, b) => b.length - a.length);
    const holdsAll = (hay) => {
      for (let at = 0; at < inOrder.length; at += 1) {
        if (!hay.includes(inOrder[at])) return false;
      }
      return true;
    };
    for (const tool of index.tools) {
      if (!verdicts[tool.code >> 1] || !holdsAll(tool.hay)) continue;
      total += 1;
      const rank = ranks[words.length === 0 ? 3 : rankOf(tool.lower, query, words)];
      if (rank.length < most) rank.push(tool);
    }
    const filtered = classes.length > 0 || risks.length > 0;
    const servers = filtered || words.length === 0
      ? []
      : index.servers.filter(({ lower }) => words.every((word) => lower.includes(word))).slice(0, 20);
    return {
      total,
      tools: ranks.flat().slice(0, most).map((tool) => shown(index, tool)),
      servers: servers.map(({ name, file, tools }) => ({ name, href: "servers/" + file + ".html", tools })),
    };
  };

  return { wordsOf, read, find };
})();
`;
