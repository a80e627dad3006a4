/**
 * The search of the pages: reads what `searchIndexScript` writes. Pure, so that it can be tried without a page. It finds
 * what the command finds, in the same order (`book/search.ts`; both are held to the same cases).
 */
export const SEARCH_SCRIPT = String.raw`
var tollgateSearch = (() => {
  const wordsOf = (query) => [...new Set(query.toLowerCase().split(/\s+/).filter((word) => word !== ""))];

  const pair = (text) => {
    const tab = text.indexOf("\t");
    return tab === -1 ? [text, text] : [text.slice(0, tab), text.slice(tab + 1)];
  };

  /** The words of a name, each behind a space. */
  const spaced = (name) => " " + (/^[a-z0-9_]*$/.test(name)
    ? name.replaceAll("_", " ")
    : name.replace(/([\p{Ll}\d])(?=\p{Lu})/gu, "$1 ").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " "));

  const order = (a, b) => a < b ? -1 : a > b ? 1 : 0;

  const read = ({ kinds, servers }) => {
    const tools = [];
    const rows = servers.map(([who, list, traits], number) => {
      const [name, file] = pair(who);
      const lower = name.toLowerCase();
      const entries = traits.length === 0 ? [] : list.split("\n");
      for (let at = 0; at < entries.length; at += 1) {
        const tab = entries[at].indexOf("\t");
        const shown = tab === -1 ? entries[at] : entries[at].slice(0, tab);
        tools.push({ text: entries[at], lower: shown.toLowerCase(), words: spaced(shown), server: number, trait: traits[at] });
      }
      return { name, file, lower, words: " " + lower + " " + lower.replaceAll("-", " "), tools: traits.length };
    });
    tools.sort((a, b) => order(a.lower, b.lower) || order(rows[a.server].name, rows[b.server].name));
    const traits = kinds.traits.map(([is, risk, unsure, words]) => ({
      is: kinds.classes[is],
      risk: kinds.risks[risk],
      unsure: unsure === 1,
      words: " " + kinds.classes[is] + " " + kinds.risks[risk] + " " + words,
    }));
    return { servers: rows, traits, tools };
  };

  /** The whole name, the beginning of a word of it, or of what is searched besides; last, the middle of a word. */
  const WHOLE = 0, START = 1, REST_START = 2, INSIDE = 20, REST_INSIDE = 21, WORST = 254, ABSENT = 255;
  const INSIDE_FROM = 4;

  const rankIn = (words, word) =>
    words.includes(" " + word) ? REST_START
      : word.length >= INSIDE_FROM && words.includes(word) ? REST_INSIDE
        : ABSENT;

  /** For a word the rank that each tool has for it. */
  const ranker = ({ servers, traits }, word) => {
    const byServer = servers.map(({ words }) => rankIn(words, word));
    const byTrait = traits.map(({ words }) => rankIn(words, word));
    const behind = " " + word;
    const inside = word.length >= INSIDE_FROM;
    return ({ lower, words, server, trait }) => {
      if (words.includes(behind) || lower.startsWith(word)) return lower === word ? WHOLE : START;
      const rest = Math.min(byServer[server], byTrait[trait]);
      if (lower === word) return WHOLE;
      return rest > INSIDE && inside && lower.includes(word) ? INSIDE : rest;
    };
  };

  const shown = ({ servers, traits }, { text, server, trait }) => {
    const [name, file] = pair(text);
    const { is, risk, unsure } = traits[trait];
    const { name: owner, file: folder } = servers[server];
    return { name, server: owner, href: "tools/" + folder + "/" + file + ".html", class: is, risk, unsure };
  };

  /**
   * classes, risks: names to keep; none: all. At most so many tools come back, the nearest first. counts: for each class
   * and risk how many there would be with it chosen, the words and the other kind of choice being what they are.
   */
  const find = (index, asked, classes, risks, most) => {
    const words = wordsOf(asked);
    const kept = index.traits.map(({ is, risk }) => ({
      is: classes.length === 0 || classes.includes(is),
      risk: risks.length === 0 || risks.includes(risk),
    }));
    // The longest word is in the fewest names.
    const rankers = words.slice().sort((a, b) => b.length - a.length).map((word) => ranker(index, word));
    const rankOf = (tool) => {
      let sum = 0;
      for (let at = 0; at < rankers.length; at += 1) {
        const rank = rankers[at](tool);
        if (rank === ABSENT) return ABSENT;
        sum += rank;
      }
      return Math.min(WORST, sum);
    };
    const alike = [];
    const fitting = index.traits.map(() => 0);
    let total = 0;
    for (const tool of index.tools) {
      const { is, risk } = kept[tool.trait];
      const rank = is || risk ? rankOf(tool) : ABSENT;
      if (rank === ABSENT) continue;
      fitting[tool.trait] += 1;
      if (!is || !risk) continue;
      total += 1;
      const those = (alike[rank] ??= []);
      if (those.length < most) those.push(tool);
    }
    const counts = {};
    for (const [at, { is, risk }] of index.traits.entries()) {
      counts[is] = (counts[is] ?? 0) + (kept[at].risk ? fitting[at] : 0);
      counts[risk] = (counts[risk] ?? 0) + (kept[at].is ? fitting[at] : 0);
    }
    const filtered = classes.length > 0 || risks.length > 0;
    const servers = filtered || words.length === 0
      ? []
      : index.servers.filter((server) => words.every((word) => rankIn(server.words, word) !== ABSENT)).slice(0, 20);
    return {
      total,
      counts,
      tools: alike.flat().slice(0, most).map((tool) => shown(index, tool)),
      servers: servers.map(({ name, file, tools }) => ({ name, href: "servers/" + file + ".html", tools })),
    };
  };

  return { wordsOf, read, find };
})();
`;
