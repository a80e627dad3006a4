import type { NamedPattern } from "../attacks/result.ts";
import type { ServerEntry } from "../entry.ts";
import { aboutHtml } from "./about-html.ts";
import { attackHtml } from "./attack-html.ts";
import { attacksHtml } from "./attacks-html.ts";
import { ABOUT_PLACE, ATTACKS_PLACE, INDEX_PLACE, placesOf } from "./file-names.ts";
import { frameAt, ICON } from "./frame.ts";
import { indexHtml } from "./index-html.ts";
import { attackTools } from "./model/attack-tools.ts";
import { controlFinder } from "./model/control.ts";
import { indexPage } from "./model/index-page.ts";
import { recommendedPolicy } from "./model/recommended-policy.ts";
import { relatedFinder, similarIndex } from "./model/related.ts";
import { serverPage } from "./model/server-page.ts";
import { neighboursOf } from "./model/snippets.ts";
import { toolPage } from "./model/tool-page.ts";
import { signatureOf } from "./signature.ts";
import { SCRIPT } from "./script.ts";
import { searchIndexScript } from "./search-index.ts";
import { serverHtml } from "./server-html.ts";
import { STYLE } from "./style.ts";
import { toolHtml } from "./tool-html.ts";

/** A file of the site. */
export interface SiteFile {
  /** From the root of the site: small letters, digits, `-`, `_`, `~`, `.` and `/`. */
  readonly path: string;
  readonly text: string;
}

const SEARCH_INDEX = "assets/search-index.js";
const asset = (path: string, text: string): SiteFile => ({ path, text: signatureOf(path) + text });

/** Where the files of the site are, without what is in them. */
export function* sitePaths(
  servers: readonly ServerEntry[],
  attacks: readonly NamedPattern[],
): Generator<string> {
  yield* ["assets/site.css", "assets/site.js", "assets/icon.svg", SEARCH_INDEX];
  yield* [INDEX_PLACE, ABOUT_PLACE, ATTACKS_PLACE];
  const places = placesOf(servers, attacks);
  yield* attacks.map(places.attack);
  for (const server of servers) {
    yield places.server(server);
    yield* server.tools.map((tool) => places.tool(server, tool));
  }
}

/**
 * The catalogue as a site, one file after the other: the pages of 50,000 tools are never in memory together. The same
 * servers and attacks give the same bytes. Works from any static server, and from a disk.
 */
export function* renderSite(
  servers: readonly ServerEntry[],
  attacks: readonly NamedPattern[],
): Generator<SiteFile> {
  const places = placesOf(servers, attacks);
  yield asset("assets/site.css", STYLE);
  yield asset("assets/site.js", SCRIPT);
  yield asset("assets/icon.svg", ICON);
  yield asset(SEARCH_INDEX, searchIndexScript(servers));
  yield {
    path: INDEX_PLACE,
    text: indexHtml(frameAt(places, INDEX_PLACE), indexPage(servers), attacks.length),
  };
  yield { path: ABOUT_PLACE, text: aboutHtml(frameAt(places, ABOUT_PLACE)) };
  const { toolsFor, attacksOn } = attackTools(servers, attacks);
  yield { path: ATTACKS_PLACE, text: attacksHtml(frameAt(places, ATTACKS_PLACE), attacks) };
  for (const attack of attacks) {
    const path = places.attack(attack);
    yield { path, text: attackHtml(frameAt(places, path), attack, toolsFor(attack)) };
  }
  const similar = similarIndex(servers);
  for (const server of servers) {
    const shown = serverPage(server, recommendedPolicy(server));
    const path = places.server(server);
    yield { path, text: serverHtml(frameAt(places, path), shown) };
    const controlOf = controlFinder(shown.policy.policy);
    const relatedTo = relatedFinder(server, similar);
    const neighbours = neighboursOf(server);
    for (const [at, tool] of server.tools.entries()) {
      const path = places.tool(server, tool);
      const [control, related] = [controlOf(tool.name), relatedTo(at)];
      const known = { control, related, neighbours, attacks: attacksOn(tool) };
      yield { path, text: toolHtml(frameAt(places, path), toolPage(server, tool, known)) };
    }
  }
}
