import type { Phrase } from "./phrases.ts";

/** What is made and given back rather than kept. */
export const GIVEN_BACK = `chart diagram plot qr-code qrcode uuid summary visualization completion embedding mindmap mind-map
  flowchart bar-chart line-chart pie-chart area-chart scatter-chart radar-chart hash preview signed-url thumbnail
  word-cloud wordcloud slug gantt-chart timeline-chart sankey treemap histogram boxplot heatmap funnel-chart dual-axes-chart
  sequence-diagram mermaid mermaid-diagram svg ascii-art latex regex cron-expression barcode class-diagram er-diagram org-chart organization-chart fishbone-diagram network-graph column-chart
  diagram-image chart-image graph-image plantuml locator selector table-of-contents`;

/** What tells a model or a person how to do something. */
const INSTRUCTIONS = `instruction guideline guide documentation doc prompt persona skill rule tutorial curriculum
  best-practice playbook runbook cheatsheet reference help manual`;

/** Verbs of acting that only ask, verbs of asking that act, and what is switched. Earlier lines win. */
export const ASKING_PHRASES: readonly Phrase[] = [
  {
    verbs: "generate",
    objects: `share-link sharing-link invite-link invitation-link public-link meeting-link access-link magic-link
      login-link reset-link download-link billing-link portal-link customer-link onboarding-link`,
    class: "write",
  },
  { verbs: "start trigger launch begin", objects: "analysis", class: "execute" },
  {
    verbs: "create add make update submit",
    objects: "test-run test-execution test-cycle test-case-run manual-run",
    class: "write",
  },
  { verbs: "start begin open", objects: "transaction database-transaction db-transaction", class: "write" },
  { verbs: "rollback", objects: "change mutation edit action operation draft", class: "write" },
  {
    verbs: "sleep",
    objects: "device machine computer app application server display system pc mac host tv",
    class: "execute",
  },
  {
    verbs: "print",
    objects: "document file label page receipt job pdf copy shipping-label 3d-model",
    class: "execute",
  },
  {
    verbs: "navigate",
    objects: `component project tree hierarchy codebase code graph documentation symbol relationship ontology catalog
      taxonomy knowledge-graph schema structure file-tree call-hierarchy reference definition`,
    class: "read",
  },
  {
    verbs: "build",
    objects: `prompt context filter payload expression timeline matrix formula tree hierarchy dependency-tree call-graph
      dependency-graph map outline citation argument-map knowledge-map profile comparison portfolio-model`,
    class: "read",
  },
  {
    verbs: "run execute",
    objects: `report realtime-report funnel-report pivot-report analytics-report forecast prediction estimate screener
      stock-screener what-if sensitivity-analysis regression correlation`,
    class: "read",
  },
  // Verbs of asking that act.
  { verbs: "answer", objects: "call phone incoming-call phone-call", class: "execute" },
  { verbs: "answer", objects: "survey ticket invitation chat poll", class: "write" },
  {
    verbs: "receive",
    objects: "item inventory stock purchase-order shipment goods delivery stock-transfer",
    class: "write",
  },
  { verbs: "learn", objects: "fact pattern preference lesson", class: "write" },
  { verbs: "solve", objects: "captcha recaptcha hcaptcha turnstile", class: "execute" },
  { verbs: "solve", objects: "ticket support-ticket", class: "write" },
  { verbs: "watch", objects: "issue repo repository thread topic", class: "write" },
  { verbs: "quote", objects: "tweet post", class: "write" },
  { verbs: "filter sort", objects: "range sheet worksheet spreadsheet cell-range", class: "write" },
  { verbs: "expand extend", objects: "volume disk partition filesystem cluster storage", class: "write" },
  { verbs: "match reconcile", objects: "bank-transaction bank-statement-line", class: "write" },
  {
    verbs: "extract",
    objects: "archive zip zip-file tar zip-archive tarball compressed-file archive-file",
    class: "write",
  },
  { verbs: "dump", objects: "database db mysql postgres", class: "write" },
  { verbs: "check", objects: "todo todo-item checklist-item task-off", class: "write" },
  { verbs: "check uncheck pick", objects: "checkbox radio-button radio", class: "execute" },
  {
    verbs: "translate",
    objects: "shape mesh layer node solid body sketch object",
    class: "write",
  },
  { verbs: "subtract intersect union", objects: "solid body shape mesh object", class: "write" },
  { verbs: "provide", objects: "feedback rating", class: "write" },
  { verbs: "provide", objects: "liquidity", class: "financial" },
  { verbs: "collect", objects: "payment debt deposit", class: "financial" },
  {
    verbs: "simulate emulate",
    objects: "location gps biometric face-id touch-id shake gps-location device-location network-condition",
    class: "execute",
  },
  { verbs: "flash upload", objects: "firmware", class: "execute" },
  { verbs: "load", objects: "memory context conversation-history knowledge transcript", class: "read" },
  { verbs: "select", objects: "record", class: "read" },
  {
    verbs: "compile prepare assemble",
    objects: "list overview summary report table comparison briefing brief digest",
    class: "read",
  },
  { verbs: "load", objects: "schema", class: "read" },
  { verbs: "send submit", objects: "query search-query", class: "read" },
  {
    verbs: "start begin launch submit create run",
    objects: "research-task research-job deep-research deep-research-task search-job",
    class: "read",
  },
  { verbs: "start activate begin", objects: "trial free-trial", class: "write" },
  { verbs: "take", objects: "note", class: "write" },
  {
    verbs: "submit",
    objects: "answer solution response review score report plan estimate evaluation",
    class: "write",
  },
  {
    verbs: "screen",
    objects: "stock company candidate address wallet transaction name etf fund",
    class: "read",
  },
  {
    verbs: "set rotate change",
    objects: "device orientation device-orientation screen-orientation",
    class: "execute",
  },
  {
    verbs: "goto jump",
    objects: "definition declaration implementation reference symbol type-definition",
    class: "read",
  },
  { verbs: "create generate produce", objects: "execution-plan query-plan", class: "read" },
  { verbs: "export", objects: "url link thumbnail-url", class: "read" },
  { verbs: "create make", objects: "prediction inference deployment", class: "execute" },
  {
    verbs: "create start begin open",
    objects: "debug-session debugging-session debugger-session",
    class: "execute",
  },
  { verbs: "attach", objects: "process running-process debugger", class: "execute" },
  { verbs: "reset", objects: "notification-count unread-count badge badge-count", class: "write" },
  { verbs: "switch", objects: "frame iframe focus", class: "execute" },
  { verbs: "define", objects: "word term", class: "read" },
  { verbs: "clean cleanup", objects: "text string html markdown transcript", class: "read" },
  {
    verbs: "process",
    objects: "csv json pdf transcript dataset url html markdown content number list string",
    class: "read",
  },
  // What is told rather than done.
  { verbs: "load open activate start access", objects: `${INSTRUCTIONS} here`, class: "read" },
  {
    verbs: "run execute perform send query",
    objects: `soql-query promql-query logql-query jql-query kql-query nrql-query gaql-query jmespath-query
      xpath-query lucene-query jsonpath-query search-query traceql-query prometheus-query loki-query log-query logs-query metric-query metrics-query
      splunk-query elasticsearch-query opensearch-query insights-query cloudwatch-query analytics-query mql-query wiql-query cql-search soql sosl promql
      logql jql kql nrql gaql traceql xpath jsonpath jmespath`,
    class: "read",
  },
  {
    verbs: "evaluate eval",
    objects: `flag feature-flag policy formula risk quality answer response argument eligibility performance promql
      alert-rule translation math-expression mathematical-expression arithmetic-expression
      similarity credibility option relevance readability sentiment`,
    class: "read",
  },
  { verbs: "stream follow tail", objects: "log output event console trace metric", class: "read" },
  { verbs: "open", objects: "incident case change change-request support-ticket", class: "write" },
  { verbs: "promote", objects: "deployment release build revision", class: "execute" },
  { verbs: "queue enqueue", objects: "workflow prompt job build run render generation", class: "execute" },
  { verbs: "skip", objects: "track song next-track playback video", class: "execute" },
  { verbs: "show display", objects: "toast popup dialog message-box modal", class: "execute" },
  {
    verbs: "resolve",
    objects: `version range package-version latest-version specifier ticker symbol cik doi citation channel alias variable ip
      ip-address asn redirect short-url did package dependency-tree selector uid coordinate postcode`,
    class: "read",
  },
  { verbs: "dedupe deduplicate", objects: "text list array line string value", class: "read" },
  { verbs: "embed", objects: "text query sentence image chunk", class: "read" },
  {
    verbs: "track",
    objects: `shipment package parcel order flight delivery price-history update change ranking rank price performance trend
      availability news release evolution sentiment competitor satellite progress-status vessel container bus train`,
    class: "read",
  },
  {
    verbs: "optimize optimise improve plan",
    objects: "route prompt query sql portfolio itinerary text wording tour travel-route",
    class: "read",
  },
  {
    verbs: "report",
    objects: `bug issue user spam abuse incident problem error post message feedback comment absence violation content
      vulnerability outage progress progress-update player listing location status-update lost-card`,
    class: "write",
  },
  { verbs: "snapshot report take", objects: "portfolio-snapshot account-snapshot", class: "read" },
  // Requests that their caller writes.
  {
    verbs: "send execute run perform mutate",
    objects: "mutation graphql-mutation graphql",
    class: "execute",
  },
  {
    verbs: "request call make invoke send perform execute",
    objects: `api http raw rest graphql endpoint api-request api-call http-request rest-request raw-request http-call
      custom-request arbitrary-request rest-call rest-api authenticated-request api-endpoint url`,
    class: "execute",
  },
  { verbs: "apply run", objects: "migration db-migration database-migration", class: "execute" },
  { verbs: "update write", objects: "sparql cypher neo4j-cypher", class: "execute" },
  {
    verbs: "make send issue perform execute",
    objects: "put-request post-request patch-request",
    class: "write",
  },
  {
    verbs: "stop end finish",
    objects:
      "trace trace-recording screencast screencast-recording performance-trace performance-recording profile-recording tracing",
    class: "execute",
  },
  // What is set for the session, and can be set again.
  {
    verbs: "clear reset unset",
    objects: `override working-directory working-dir directory-setting default location-override setting-override
      default-project default-account active-project active-context`,
    class: "write",
  },
  { verbs: "cancel remove unset", objects: "default menu-default", class: "write" },
  // What browsers and machines are made to do to tell something.
  {
    verbs: "run perform start conduct execute audit",
    objects: `lighthouse lighthouse-audit accessibility-audit performance-audit best-practice-audit nextjs-audit js-audit
      a11y-audit page-audit audit-mode debugger-mode page open-page current-page`,
    class: "execute",
  },
  {
    verbs: "profile trace benchmark debug",
    objects: "app process cpu memory function script program application binary page thread session code",
    class: "execute",
  },
  {
    verbs: "render",
    objects: "scene animation video movie composition frame-range timeline final-image",
    class: "execute",
  },
  { verbs: "scan", objects: "nmap nmap-target", class: "execute" },
  // Small things that are switched.
  {
    verbs: "start stop",
    objects: "timer time-entry time-tracking tracking timer-entry typing-indicator",
    class: "write",
  },
  {
    verbs: "open",
    objects: "dm conversation direct-message channel thread chat direct-message-conversation",
    class: "write",
  },
  {
    verbs: "convert",
    objects:
      "lead deal ticket note draft backup trial image-backup pull-request pr issue task quote prospect proposal account",
    class: "write",
  },
  { verbs: "page", objects: "engineer responder team user person on-call oncall", class: "write" },
  { verbs: "unpublish", objects: "package release npm-package package-version", class: "destructive" },
  {
    verbs: "checkout",
    objects: `git branch commit repo repository file ref revision tag version worktree code book device asset equipment
      item-copy pull-request pr`,
    class: "write",
  },
  { verbs: "release", objects: "resource lock memory claim reservation hold", class: "write" },
  { verbs: "merge combine flatten minify", objects: "json", class: "read" },
  { verbs: "query", objects: "admin", class: "execute" },
  { verbs: "roll", objects: "token key secret api-key credential", class: "destructive" },
];
