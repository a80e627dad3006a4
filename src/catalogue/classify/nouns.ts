import { setOf } from "./words.ts";

/** Nouns at a name's end, or alone, that are what a tool gives back. */
export const READ_NOUNS =
  setOf(`status info information details detail history log logs stats statistics metrics
  metadata schema schemas docs documentation version versions weather forecast time date datetime balance balances
  price prices quote quotes rates summary overview report reports usage list tree diff blame context profile whoami me
  health healthcheck ping result results content contents state states count counts total totals analysis insights
  trends trending news headlines transcript transcripts captions lookup search finder explorer inspector viewer
  reader calculator converter thinking thought thoughts hello greeting examples example help guide guides instructions
  guidelines capabilities features changelog ranking rankings leaderboard suggestions recommendations preview logs
  snapshot screenshot screenshots diagnostics definition definitions references reference symbols hover_info outline
  hierarchy dependencies availability timezone timezones random uuid echo directions distance ps matrix elevation sequentialthinking
  geocode places near nearby ticker candles orderbook ohlcv quotations earnings dividends audit estimate estimates
  validation validator checker analyzer analyser parser advisor assistant_docs knowledge answer answers advice
  catalog catalogue index pricing invoices payments orders transactions charges runs builds deployments jobs events
  messages comments issues users files folders projects tasks items records entries pages tables databases
  collections repos repositories branches commits tags labels releases alerts incidents notifications emails threads
  channels accounts customers products subscriptions refunds disputes workflows executions pipelines pods services
  nodes namespaces containers images volumes networks secrets keys buckets objects functions queues topics tools
  updates changes activity activities timeline feed stories posts tweets likes followers following mentions today
  statement statements holdings portfolio positions settings config configuration preferences options limits quota
  discussions indexes size sizes summarizer summariser kernels reflog centroid midpoint bearing bbox
   isochrone length bounds faq faqs similarity similarities environment env exists equals chart charts visualization graph credits bills rents donations
   withdrawals reimbursements remittances airdrops escrows gifts
   indicators performance interactions backlinks ideas impressions fundamentals financials`);

/** … and those of them that say it whatever stands before them: `build_status`, `order_history`. */
export const SURE_READ_NOUNS =
  setOf(`status history info stats statistics metrics summary overview details list logs log
  count diff diagnostics leaderboard insights audit balances`);

/** Words behind which another noun phrase begins. */
export const PREPOSITIONS =
  setOf(`from to in into on onto of for by with without at as via using through between under
  within across about against over per before after until near like that which whose where when if and or then so
  while based including because since unless is are was were be been has have had will can may must should it its`);

/** Words of a name that stand between two verbs that both are done. */
export const CONJUNCTIONS = setOf("and or then n");

/** Words that say nothing of a thing. */
export const FILLERS =
  setOf(`a an the this that these those one more or multiple several many some any all each every
  given specified specific existing new current your my our their its his particular single another certain
  provided requested selected custom simple basic complete entire full various different`);

/** Words in front of the verb that says what a tool does. */
export const LEAD_FILLERS =
  setOf(`this that the a an tool tools function functions method command endpoint api
  operation action mcp will can lets let allows allow enables helps help provides you your user users agent agents to
  use used using uses be is for which it i we quickly easily safely also either first please ability able capability
  way how when useful utility server service client model models llm ai assistant assistants claude high level
  advanced powerful comprehensive deprecated beta experimental new fast and simple primary
  helper wrapper batch bulk mass force hard utilize utilizes utilise utilises leverage leverages employ employs them us me one should may facilitates intended designed required need needs want wants`);

/** Verbs that leave it to their object to say what is done. */
export const LIGHT_VERBS = setOf(
  "perform do make conduct carry issue initiate place execute run start begin submit",
);

/** Words that turn a verb behind them round. */
export const NEGATIONS =
  setOf(`not no never without cannot can't don't doesn't won't isn't aren't nothing avoid avoids
  avoiding prevent prevents neither nor instead rather unlike except nor dont doesnt`);

/** Words of names by which a tool is known to act in a browser or on a screen. */
export const SCREEN_WORDS =
  setOf(`browser puppeteer playwright selenium chrome chromium devtools webdriver mouse
  keyboard desktop adb simulator emulator cdp`);

/** Words that begin a noun phrase for sure. */
export const ARTICLES = setOf("a an the all this these any every each your its");

/** Things that are done: a name that ends with them does not list them. */
export const DOINGS =
  setOf(`actions operations commands tools functions scripts tasks jobs processes methods macros
  workflows ops utils utilities apis steps tricks transactions trades payments controls
  keys tabs dialogs windows gestures`);
