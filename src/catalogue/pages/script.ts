import { SEARCH_SCRIPT } from "./script-search.ts";

/** The pages' own script. It writes text as text, and nothing of a server into markup. */
const PAGE_SCRIPT = String.raw`
(() => {
  const root = document.documentElement;
  const kept = {
    get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
    set: (name, value) => { try { localStorage.setItem(name, value); } catch { /* It holds for this page. */ } },
  };
  const THEMES = ["auto", "light", "dark"];
  let theme = kept.get("tollgate-theme");
  const paint = () => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else { theme = "auto"; delete root.dataset.theme; }
  };
  paint(); // Before there is anything to see.

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  const themes = () => {
    for (const button of all("button.theme")) {
      const say = () => {
        button.querySelector("span").textContent = theme === "auto" ? "Auto" : theme === "dark" ? "Dark" : "Light";
        button.title = "Light, dark, or as the system has it";
      };
      button.hidden = false;
      button.addEventListener("click", () => {
        theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
        kept.set("tollgate-theme", theme);
        paint();
        say();
      });
      say();
    }
  };

  const byHand = (element) => {
    const selection = getSelection();
    const range = document.createRange();
    range.selectNodeContents(element);
    selection.removeAllRanges();
    selection.addRange(range);
    return document.execCommand("copy");
  };

  const copies = () => {
    for (const button of all("button.copy")) {
      const text = button.parentElement.querySelector("code");
      const label = button.textContent;
      button.hidden = false;
      button.addEventListener("click", async () => {
        let done = false;
        try { await navigator.clipboard.writeText(text.textContent); done = true; } catch { done = byHand(text); }
        button.textContent = done ? "Copied" : "Press Ctrl+C";
        setTimeout(() => { button.textContent = label; }, 2000);
      });
    }
  };

  const narrowing = () => {
    for (const label of all("label.narrow")) {
      const section = label.closest("section");
      const groups = all(".group", section).map((group) => ({
        group,
        rows: all("tbody tr", group).map((row) => ({ row, text: row.firstElementChild.textContent.toLowerCase() })),
      }));
      if (groups.length === 0) continue;
      const input = label.querySelector("input");
      label.hidden = false;
      input.addEventListener("input", () => {
        const words = tollgateSearch.wordsOf(input.value);
        for (const { group, rows } of groups) {
          let left = 0;
          for (const { row, text } of rows) {
            const holds = words.every((word) => text.includes(word));
            row.hidden = !holds;
            left += holds ? 1 : 0;
          }
          group.hidden = left === 0;
          for (const rest of all("details", group)) rest.open = words.length > 0;
        }
      });
    }
  };

  const sorting = () => {
    for (const label of all("label.sort")) {
      const select = label.querySelector("select");
      const list = label.closest("section").querySelector(".servers");
      const byName = [...list.children];
      const worst = new Map(byName.map((item) => [item, item.dataset.worst.split(" ").map(Number)]));
      const byDanger = byName.slice().sort((a, b) => {
        const [one, other] = [worst.get(a), worst.get(b)];
        return other[0] - one[0] || other[1] - one[1];
      });
      const sort = () => list.replaceChildren(...(select.value === "danger" ? byDanger : byName));
      label.hidden = false;
      select.addEventListener("change", sort);
      sort(); // A browser may have kept what was chosen.
    }
  };

  /** The address with this hash leads back to what was asked; where it cannot be set, all else works. */
  const remember = (asked) => {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(asked)) if (value !== "") params.set(name, value);
    const hash = params.toString().replaceAll("%2C", ",");
    try { history.replaceState(null, "", hash === "" ? location.pathname + location.search : "#" + hash); } catch { /* From a disk. */ }
  };

  const searching = () => {
    const search = document.querySelector(".search");
    if (search === null) return;
    const input = search.querySelector("#query");
    const picks = all(".pick input", search).map((box) => {
      const number = box.parentElement.querySelector(".count");
      return { box, number, all: number.textContent };
    });
    const found = search.querySelector("#found");
    const status = search.querySelector(".status");
    const servers = document.querySelector("#all");
    const base = document.body.dataset.root;
    const STEP = 100;
    let index;
    let loading = false;
    let most = STEP;
    search.hidden = false;

    const picked = (name) => picks.filter(({ box }) => box.name === name && box.checked).map(({ box }) => box.value);
    const make = (tag, kind, text) => {
      const element = document.createElement(tag);
      if (kind !== "") element.className = kind;
      element.textContent = text;
      return element;
    };
    const link = (text, href) => {
      const a = make("a", "name", text);
      a.href = base + href;
      return a;
    };
    const count = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
    const classNames = (is) => {
      const label = make("span", "class " + is, is);
      label.prepend(search.querySelector(".pick." + is + " .shape").cloneNode(true));
      return label;
    };
    const riskNames = (is) => search.querySelector(".risk." + is).cloneNode(true);

    const toolItem = (tool) => {
      const item = make("li", "", "");
      const first = make("div", "", "");
      first.append(link(tool.name, tool.href), make("span", "of", tool.server));
      if (tool.unsure) first.append(make("span", "unsure", "unsure"));
      item.append(first, classNames(tool.class), riskNames(tool.risk));
      return item;
    };
    const serverItem = (server) => {
      const item = make("li", "server", "");
      const first = make("div", "", "");
      first.append(link(server.name, server.href), make("span", "of", "server"));
      item.append(first, make("span", "of", count(server.tools) + (server.tools === 1 ? " tool" : " tools")));
      return item;
    };

    const say = ({ total, tools, servers: near }) => {
      const shown = total > tools.length ? ", the first " + count(tools.length) + " of them here" : "";
      const also = near.length === 0 ? "" : near.length === 1 ? " and 1 server" : " and " + count(near.length) + " servers";
      status.textContent = total === 0 && near.length === 0
        ? "Nothing fits all of that. Try fewer words, or another class or risk."
        : count(total) + (total === 1 ? " tool" : " tools") + also + shown + ".";
    };

    /** Beside each class and risk: how many of what is found, else how many there are. */
    const number = (counts) => {
      for (const { box, number, all } of picks) {
        number.textContent = counts === undefined ? all : count(counts[box.value] ?? 0);
        box.parentElement.classList.toggle("none", number.textContent === "0");
      }
    };

    const update = () => {
      const asked = { q: input.value.trim(), class: picked("class").join(","), risk: picked("risk").join(",") };
      const active = asked.q !== "" || asked.class !== "" || asked.risk !== "";
      remember(asked);
      servers.hidden = active;
      found.hidden = !active;
      if (!active) { number(); status.textContent = ""; found.replaceChildren(); more.hidden = true; return; }
      if (index === undefined) { status.textContent = "Loading the list of tools…"; load(); return; }
      const result = tollgateSearch.find(index, asked.q, picked("class"), picked("risk"), most);
      found.replaceChildren(...result.servers.map(serverItem), ...result.tools.map(toolItem));
      more.hidden = result.total <= result.tools.length;
      number(result.counts);
      say(result);
    };
    const anew = () => { most = STEP; update(); };

    const load = () => {
      if (loading) return;
      loading = true;
      const script = document.createElement("script");
      script.src = base + "assets/search-index.js";
      script.addEventListener("load", () => { index = tollgateSearch.read(globalThis.tollgateCatalogue); update(); });
      script.addEventListener("error", () => { loading = false; status.textContent = "The list of tools cannot be loaded. Every tool is on the page of its server."; servers.hidden = false; });
      document.head.append(script);
    };

    const more = make("button", "more", "Show more");
    more.type = "button";
    more.hidden = true;
    more.addEventListener("click", () => {
      const before = found.children.length;
      most += 4 * STEP;
      update();
      found.children[before]?.querySelector("a").focus();
    });
    found.after(more);

    input.addEventListener("focus", load);
    input.addEventListener("input", anew);
    for (const { box } of picks) box.addEventListener("change", anew);
    search.addEventListener("keydown", (event) => {
      const links = all("#found a", search);
      const at = links.indexOf(document.activeElement);
      const onInput = document.activeElement === input;
      if (event.key === "Escape" && (onInput || at !== -1)) { input.value = ""; input.focus(); anew(); }
      else if (event.key === "ArrowDown" && (onInput || at !== -1)) { links[at + 1]?.focus(); event.preventDefault(); }
      else if (event.key === "ArrowUp" && at !== -1) { (links[at - 1] ?? input).focus(); event.preventDefault(); }
      else if (event.key === "Enter" && onInput && links.length > 0) { links[0].click(); event.preventDefault(); }
    });
    document.addEventListener("keydown", (event) => {
      const typing = document.activeElement?.matches("textarea, input:not([type=checkbox])") ?? false;
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { input.focus(); event.preventDefault(); }
    });

    const fromHash = () => {
      const params = new URLSearchParams(location.hash.slice(1));
      input.value = params.get("q") ?? input.value;
      for (const { box } of picks) box.checked = (params.get(box.name) ?? "").split(",").includes(box.value);
      picks.find(({ box }) => box.checked)?.box.parentElement.scrollIntoView({ block: "nearest", inline: "center" });
      if (input.value !== "" || picks.some(({ box }) => box.checked)) anew();
    };
    addEventListener("hashchange", fromHash);
    fromHash();
  };

  document.addEventListener("DOMContentLoaded", () => { themes(); copies(); narrowing(); sorting(); searching(); });
})();
`;

export const SCRIPT = `"use strict";\n${SEARCH_SCRIPT}${PAGE_SCRIPT}`;
