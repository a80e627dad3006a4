import { EXIT, type CommandSpec, type Context } from "./command.ts";
import { readMoment } from "./moment.ts";
import type { AuditVerdict } from "./ports-audit.ts";
import { jsonLine, plural } from "./print.ts";
import { startProgress } from "./progress.ts";
import { painter } from "./terminal.ts";

export const auditVerify: CommandSpec = {
  path: ["audit", "verify"],
  summary: "recompute the chain of the record and name the first line that is not as it was written",
  options: [
    { flags: "--from <when>", description: "only from this time on: RFC 3339, or a span back such as 7d" },
    {
      flags: "--heads <file>",
      description: "signed heads that were kept elsewhere; may be given several times",
      kind: "list",
    },
    {
      flags: "--public-key <file>",
      description: "the key that signed them, by default keys/audit-sign.pub of the data directory",
    },
  ],
  examples: [
    "tollgate audit verify",
    "tollgate audit verify --from 7d --json",
    "tollgate audit verify --heads /mnt/safe/heads.jsonl --public-key /mnt/safe/audit-sign.pub",
  ],
  run: async (context) => {
    const { given, ports, terminal, where, json } = context;
    const from = given.text("from");
    const audit = await ports.audit(where);
    using progress = startProgress(terminal, "verifying", ports.clock);
    const verdict = await audit.verify({
      from: from === undefined ? undefined : readMoment("--from", from, ports.clock.now(), "past"),
      heads: given.list("heads"),
      publicKey: given.text("publicKey"),
      onProgress: progress.update,
    });
    progress[Symbol.dispose]();
    await terminal.out(json ? jsonLine(verdict) : sentences(context, verdict));
    return verdict.ok ? EXIT.done : EXIT.failed;
  },
};

const sentences = ({ terminal }: Context, verdict: AuditVerdict): string => {
  const { lines, head, fault, partial, dropped, notes } = verdict;
  const paint = painter(terminal, "out");
  const said = [
    fault === undefined
      ? `${paint("green", "sound")}: ${plural(lines, "line")}, head ${head}`
      : `${paint("red", fault.kind)}: ${fault.message}`,
    headsSentence(verdict),
  ];
  if (dropped !== undefined) {
    said.push(`${plural(dropped.lines, "line")} up to ${dropped.until} dropped by retention`);
  }
  if (partial) {
    said.push("The last line is half-written: the gateway writes just now, or was killed while writing.");
  }
  return [...said, ...notes].map((one) => `${one}\n`).join("");
};

const headsSentence = ({ heads: { checked, before, newest, behind } }: AuditVerdict): string => {
  const earlier = before === 0 ? "" : `, and ${String(before)} of before`;
  return newest === undefined
    ? `No signed head covers these lines${earlier}: whether the end was cut off cannot be told.`
    : `${plural(checked, "signed head")} held${earlier}, the newest of ${newest}; ${plural(behind, "line")} since`;
};
