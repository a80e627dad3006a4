import type { ToolClass } from "../verdict.ts";
import { GIVEN_BACK } from "./asking-phrases.ts";

/** What some verbs do to some things, where it is another thing than the verb alone says. */
export interface Phrase {
  readonly verbs: string;
  /** The thing, in the singular; two words with a hyphen (`payment-link`) are tried before one. `*`: whatever it is. */
  readonly objects: string;
  readonly class: ToolClass;
}

/** Relations that can be put back with nothing lost. */
const RELATIONS = `label tag assignee reaction emoji-reaction star favorite favourite follower upvote downvote vote like
  pin highlight subscriber watcher reviewer attendee guest participant relation relationship parent flag topic
  association mapping selection filter assignment issue-label watermark dependency-link blocked-by
  approval bookmark watch mention group-membership`;

const SCREEN_THINGS = `browser page tab window popup dialog alert viewport-size context-page browser-page browser-tab
  browser-window browser-context browser-session modal current-page chrome playwright puppeteer`;

/** Earlier lines win. */
export const PHRASES: readonly Phrase[] = [
  // What is put in the place of what was there.
  {
    verbs: "restore rebuild reinstall rollback",
    objects: `droplet database backup server cluster instance volume db dump vm disk machine snapshot-backup table
      collection tenant workspace data`,
    class: "destructive",
  },
  {
    verbs: "snapshot create take make",
    objects: `droplet-snapshot volume-snapshot db-snapshot database-snapshot vm-snapshot disk-snapshot droplet volume-copy
      cluster-snapshot instance-snapshot manual-snapshot`,
    class: "write",
  },
  {
    verbs: "snapshot",
    objects: "droplet volume database vm disk server instance cluster index",
    class: "write",
  },
  { verbs: "set", objects: "expiration expiry ttl expiration-time expiry-time time-to-live", class: "write" },
  { verbs: "fetch", objects: "git ref remote-ref remote upstream", class: "write" },
  {
    verbs: "record",
    objects:
      "video screen screen-video audio screencast macro trace performance-trace performance-profile interaction",
    class: "execute",
  },
  { verbs: "drop", objects: "file data browser element item mime-typed", class: "execute" },
  { verbs: "take", objects: "photo picture photograph camera-image", class: "read" },
  { verbs: "format", objects: "disk drive volume partition sd-card", class: "destructive" },
  {
    verbs: "format",
    objects: "file document project range cell worksheet column row table text-style paragraph selection",
    class: "write",
  },
  { verbs: "call", objects: "view-function read-function view-method", class: "read" },
  {
    verbs: "run execute perform",
    objects: `find-query aggregation-pipeline count-query read-query select-query select-statement read-only-query
      readonly-query select`,
    class: "read",
  },
  { verbs: "remove", objects: "background noise silence", class: "write" },
  {
    verbs: "write sign send broadcast",
    objects: "contract smart-contract transaction raw-transaction",
    class: "financial",
  },
  {
    verbs: "resolve",
    objects: `id library-id library dns domain name hostname address url uri reference path ens user username handle
      entity location place import module symbol type schema dependency`,
    class: "read",
  },
  { verbs: "accept", objects: "dispute-claim claim quote-offer offer", class: "financial" },
  { verbs: "take get capture", objects: "snapshot", class: "read" },
  { verbs: "generate", objects: "type typescript-type type-definition typescript", class: "read" },
  {
    verbs: "exchange",
    objects: "code token authorization-code auth-code message card key contact public-token",
    class: "write",
  },
  { verbs: "settle", objects: "dispute conflict", class: "write" },
  { verbs: "award", objects: "badge point achievement", class: "write" },
  // Relations.
  { verbs: "remove delete", objects: "feature-flag", class: "destructive" },
  { verbs: "remove", objects: RELATIONS, class: "write" },
  {
    verbs: "delete",
    objects: "reaction emoji-reaction star like vote upvote relation issue-link mapping association",
    class: "write",
  },
  {
    verbs: "clear reset",
    objects: "selection highlight filter view zoom viewport camera focus breakpoint",
    class: "write",
  },
  { verbs: "clear", objects: "field input text-field input-field textbox element form", class: "execute" },
  { verbs: "remove cancel", objects: "favorite favourite", class: "write" },
  // Browsers and screens; a document's tabs are none.
  {
    verbs: "close open select switch new activate focus create add",
    objects: "document-tab doc-tab sheet-tab spreadsheet-tab script-tab worksheet-tab",
    class: "write",
  },
  {
    verbs: "close open resize switch new activate focus bring minimize maximize manage",
    objects: SCREEN_THINGS,
    class: "execute",
  },
  {
    verbs: "create add set reset",
    objects: `tab browser window browser-page browser-tab browser-window browser-context browser-session viewport-size
      window-size`,
    class: "execute",
  },
  {
    verbs: "make send issue perform execute",
    objects: "get-request head-request options-request",
    class: "read",
  },
  { verbs: "make send issue perform execute", objects: "delete-request", class: "destructive" },
  {
    verbs: "make create place initiate start",
    objects: "call phone-call voice-call outbound-call outgoing-call",
    class: "execute",
  },
  { verbs: "handle accept", objects: "dialog alert popup prompt", class: "execute" },
  {
    verbs: "dismiss respond",
    objects: "dialog popup prompt browser-alert javascript-alert js-alert",
    class: "execute",
  },
  {
    verbs: "fill submit complete",
    objects: "form field input form-field element web-form",
    class: "execute",
  },
  {
    verbs: "select choose pick",
    objects: "option dropdown dropdown-option element radio checkbox",
    class: "execute",
  },
  { verbs: "move", objects: "mouse cursor pointer mouse-cursor", class: "execute" },
  {
    verbs: "send",
    objects: "key keystroke keypress key-press signal input keyboard-input command",
    class: "execute",
  },
  { verbs: "enter input", objects: "text key value", class: "execute" },
  {
    verbs: "simulate",
    objects: "click tap keypress key press swipe input touch gesture mouse keyboard",
    class: "execute",
  },
  { verbs: "set", objects: "viewport-size window-size", class: "execute" },
  { verbs: "wait", objects: "*", class: "read" },
  {
    verbs: "take capture grab create make get",
    objects:
      "screenshot snapshot-image page-snapshot screen-shot accessibility-snapshot dom-snapshot screen screenshots",
    class: "read",
  },
  {
    verbs: "capture",
    objects: "snapshot page image frame log trace element view viewport window packet state",
    class: "read",
  },
  // Sent and looked up rather than done.
  {
    verbs: "run execute perform conduct make issue start do trigger",
    objects: `search lookup web-search similarity-search vector-search calculation analysis audit check health-check
      comparison aggregation get-request seo-audit deep-research research semantic-search assessment inspection inference
      diagnostic aggregation-query simulation
      text-search full-text-search keyword-search validation count query-explain explain scan security-scan`,
    class: "read",
  },
  { verbs: "make", objects: "decision suggestion comparison prediction", class: "read" },
  {
    verbs: "test",
    objects: `connection connectivity regex pattern credential access rule-syntax regular-expression permission
      iam-permission authentication hypothesis reachability latency significance selector xpath jsonpath assumption`,
    class: "read",
  },
  {
    verbs: "generate produce draw construct make synthesize synthesise craft",
    objects: `image picture video audio speech text summary chart diagram plot uuid qr-code qrcode password embedding
      hash random-number visualization response completion thumbnail caption answer signed-url presigned-url signature
      preview url query sql code-snippet name color-palette palette graph mindmap mind-map flowchart id guid number
      token-estimate bar-chart line-chart pie-chart area-chart scatter-chart radar-chart placeholder insight
      deep-link deeplink ui-link feedback-link link preview-link route-map path-map pin-map point-map district-map
      location-map distribution-map heat-map density-map flow-map choropleth-map region-map bubble-map static-map
      recommendation suggestion idea outline explanation prompt sample-data mock-data avatar plan report analysis
      code code-example commit-message title description question quiz flashcard story poem checklist release-note
      otp totp passphrase username keyword hashtag gradient css lorem-ipsum test-data timestamp sequence permutation
      citation bibliography itinerary checksum digest finding result answer evidence information narrative
      briefing alternative variation hypothesis forecast estimate`,
    class: "read",
  },
  {
    verbs: "create build make compose generate draw render plot design produce",
    objects: GIVEN_BACK,
    class: "read",
  },
  {
    verbs: "open",
    objects:
      "file document issue pull-request ticket connection session pr merge-request scene level project",
    class: "write",
  },
  { verbs: "add", objects: "number two-number integer value-together", class: "read" },
  { verbs: "submit", objects: "job batch-job run workflow task-run", class: "execute" },
  {
    verbs: "create start submit launch spawn schedule",
    objects: `deployment-run workflow-run process subprocess job-run build run
      execution terminal shell worker sub-agent subagent sandbox workflow-dispatch pipeline-run process-instance
      crawl-job server-process browser browser-session session-browser pipeline-execution training-job batch-job`,
    class: "execute",
  },
  { verbs: "start submit launch spawn", objects: "agent", class: "execute" },
  { verbs: "apply", objects: "terraform plan terraform-plan", class: "execute" },
  {
    verbs: "close",
    objects: "account connection session database incident-permanently",
    class: "destructive",
  },
  { verbs: "open", objects: "node entity", class: "read" },
  { verbs: "play", objects: "animation", class: "write" },
  {
    verbs: "rotate",
    objects: "key secret credential token password api-key access-key",
    class: "destructive",
  },
  { verbs: "process", objects: "image text thought data document file audio video", class: "read" },
  { verbs: "build", objects: "query url graph index", class: "read" },
  { verbs: "refresh reload", objects: "page browser tab", class: "execute" },
  { verbs: "type", objects: "text", class: "execute" },
];
