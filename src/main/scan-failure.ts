import { LIMITS } from "../base/limits.ts";
import type { Scan } from "../cli/ports.ts";
import { oneLine } from "../cli/print.ts";
import type { ConfiguredServer } from "../config/servers.ts";
import type { FailureKind, UpstreamFailure } from "../upstream/port.ts";
import { garbageIn } from "./scan-garbage.ts";

/** What a scan is made of. */
export interface Scannable extends Pick<ConfiguredServer, "spec" | "shown"> {
  /** A command that is in no configuration. */
  readonly adHoc?: boolean;
}

interface Circumstances {
  readonly configured: Scannable;
  /** The last of its standard error, masked. */
  readonly stderr: string;
  readonly mask: (text: string) => string;
  /** Whether it had begun to speak MCP. */
  readonly spoke: boolean;
}

/** What went wrong, as people would say it; a server that refuses said so itself. */
type Cause = FailureKind | "prints" | "refused" | "list";

const REASONS: Readonly<Record<Exclude<Cause, "prints">, string>> = {
  never_ran: "It cannot be started or reached",
  lost: "It went away",
  timeout: "It did not answer in time",
  nonsense: "It answered something that cannot be read",
  cancelled: "It was stopped",
  refused: "It does not list its tools",
  list: "Its list of tools cannot be used",
};

/** Why a scan has nothing, and how to mend it. */
export const scanFailure = (error: UpstreamFailure, about: Circumstances): Scan => {
  const cause = causeOf(error, about);
  return {
    ok: false,
    reason: reasonOf(error, cause === "prints" ? error.kind : cause, about.mask),
    advice: about.mask(adviceOn(cause, about.configured)),
    stderr: about.stderr,
  };
};

const causeOf = (error: UpstreamFailure, { stderr, spoke }: Circumstances): Cause => {
  if (error.kind === "nonsense" && spoke) {
    return error.said === undefined ? "list" : "refused";
  }
  return garbageIn(stderr) === undefined ? error.kind : "prints";
};

const reasonOf = (
  { kind, detail, said }: UpstreamFailure,
  cause: Exclude<Cause, "prints">,
  mask: (text: string) => string,
): string => {
  // Of what is late there is nothing more to tell.
  if (kind === "timeout") {
    return `${REASONS.timeout}.`;
  }
  const what = oneLine(mask(detail), LIMITS.scan_detail_characters_max).replace(/\.$/, "");
  // Masked before it is cut, so that no half of a secret is left.
  const words = said === undefined ? "" : oneLine(mask(said), LIMITS.scan_detail_characters_max);
  return `${REASONS[cause]}: ${what}${words === "" ? "" : `, ${JSON.stringify(words)}`}.`;
};

const BARE =
  "It gets next to nothing of your environment (PATH, HOME, LANG, TMPDIR). Give it what it needs: -- env NAME=value COMMAND. npx may need the variables of npm and of proxies, and NODE_EXTRA_CA_CERTS behind a company's own CA.";
const PRINTS =
  "A stdio server may write nothing but MCP messages to standard output; its log belongs on standard error.";
const MENDED_BY_AUTHOR = "It speaks MCP, and what it answers is for its author to mend.";

const adviceOn = (cause: Cause, configured: Scannable): string => {
  const { shown = "", adHoc = false } = configured;
  if (cause === "prints") {
    const longer = adHoc ? "--start-ms" : '"tollgate": { "startMs": … } in its entry';
    return `${PRINTS} Where it only starts slowly, ${longer} gives it longer.`;
  }
  if (cause === "list") {
    return MENDED_BY_AUTHOR;
  }
  if (cause === "refused") {
    const how = adHoc ? ": -- env NAME=value COMMAND" : "";
    return `The server itself says so. It may need credentials or other arguments${how}.`;
  }
  return adHoc ? `${BARE} Try it by hand: ${shown}` : adviceOnEntry(cause, configured);
};

/** For a server of the configuration. */
const adviceOnEntry = (cause: FailureKind, { spec, shown = "" }: Scannable): string => {
  const stdio = spec.transport.kind === "stdio";
  if (cause === "timeout") {
    return `It may need longer than ${String(spec.startMs)} ms: raise "tollgate": { "startMs": … } in its entry.`;
  }
  if (cause === "nonsense" && !stdio) {
    return "Check that the URL is that of an MCP endpoint.";
  }
  return stdio ? `Try it by hand: ${shown}` : `Check that it runs and that its URL is right: ${shown}`;
};
