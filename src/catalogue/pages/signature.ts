/** First in every page. */
export const PAGE_SIGNATURE = "<!doctype html>\n<!-- Tollgate catalogue -->\n";

/** First in the data of a report. */
export const REPORT_SIGNATURE = '{"report":"tollgate attack run",';

/** By the end of a file's name. */
const SIGNATURES: ReadonlyMap<string, string> = new Map([
  ["html", PAGE_SIGNATURE],
  ["svg", "<!-- Tollgate catalogue -->\n"],
  ["css", "/* Tollgate catalogue */\n"],
  ["js", "/* Tollgate catalogue */\n"],
  ["json", REPORT_SIGNATURE],
]);

/** What each file of the site or of a report begins with, so that an earlier export can be told from files of others. All ASCII. */
export const signatureOf = (path: string): string =>
  SIGNATURES.get(path.slice(path.lastIndexOf(".") + 1)) ?? PAGE_SIGNATURE;
