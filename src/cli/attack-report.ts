import { join, resolve } from "node:path";
import type { AttackResult } from "../catalogue/attacks/result.ts";
import { attackReportHtml } from "../catalogue/pages/attack-report-html.ts";
import type { AttackReport } from "../catalogue/pages/model/attack-report.ts";
import { REPORT_SIGNATURE } from "../catalogue/pages/signature.ts";
import { countsOf, resultFor } from "./attack-print.ts";
import { CommandFailure, type Context, type Given } from "./command.ts";
import { jsonLine, oneLine } from "./print.ts";
import { shellWord } from "./recommend-steps.ts";
import { FileFailure, SiteFolder } from "./site-folder.ts";

const [PAGE, DATA] = ["report.html", "report.json"] as const;

/** A folder for a report for people and one for programs. */
export class ReportFolder {
  readonly #context: Context;
  readonly #shown: string;
  readonly #folder: SiteFolder;

  /** Looks before anything is played whether the files may be written. Throws `CommandFailure` where not. */
  constructor(context: Context, shown: string) {
    const { given, ports, terminal } = context;
    this.#context = context;
    this.#shown = shown;
    this.#folder = new SiteFolder(resolve(terminal.cwd, shown), ports.makeFolder);
    const foreign = this.#doing(() => this.#folder.foreign([PAGE, DATA]));
    if (foreign !== undefined && !given.flag("yes")) {
      throw new CommandFailure(
        `${oneLine(join(shown, foreign))} is no file of an earlier report. Move it away, or say --yes to write over it.`,
      );
    }
    this.#doing(() => this.#folder.expectWritable());
  }

  /** `asked`: how many attacks were to be played. */
  write(about: string, asked: number, results: readonly AttackResult[]): void {
    const { given, ports, terminal } = this.#context;
    const at = ports.clock.now();
    const told = { about, at: new Date(at).toISOString(), asked, counts: countsOf(results) };
    const data = jsonLine({ ...told, results: results.map(resultFor) });
    const page = attackReportHtml({ about, at, asked, results, ...attackedBy(given) });
    this.#doing(() => {
      this.#folder.write({ path: PAGE, text: page });
      this.#folder.write({ path: DATA, text: `${REPORT_SIGNATURE}${data.slice(1)}` });
    });
    const files = [PAGE, DATA].map((name) => oneLine(join(this.#shown, name), 400));
    terminal.err(`The report: ${files.join(", ")}\n`);
  }

  #doing<Value>(what: () => Value): Value {
    try {
      return what();
    } catch (error) {
      if (error instanceof FileFailure) {
        throw new CommandFailure(`${oneLine(join(this.#shown, error.path))}: ${error.message}`);
      }
      throw error;
    }
  }
}

/** Where the policy is to be changed, and the command that plays the same again. */
const attackedBy = (given: Given): Pick<AttackReport, "policyIn" | "withSettings" | "again" | "all"> => {
  const words = ["grant", "policy", "server", "tools", "config", "data"].flatMap((name) => {
    const value = given.text(name);
    return value === undefined ? [] : [`--${name}`, shellWord(value)];
  });
  const grant = given.text("grant");
  return {
    policyIn: grant === undefined ? (given.text("policy") ?? "") : `the policy of the grant ${grant}`,
    withSettings: grant !== undefined,
    again: `tollgate attack run ${words.join(" ")}`,
    all: given.args.length === 0 ? "--all" : given.args.join(" "),
  };
};
