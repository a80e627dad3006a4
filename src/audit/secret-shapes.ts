import { isSecretName } from "./secret-names.ts";
import type { Found } from "./secret.ts";

/**
 * Secrets that are told by their form or by what stands before them, without a rule set: so that they are found at
 * once, in names too. All patterns take linear time: nothing unbounded stands before something that may fail.
 */
export const shapedSecrets = (text: string): readonly Found[] =>
  text.length < SHAPE_CHARACTERS_MIN && !SIGNS.test(text)
    ? []
    : [
        ...SHAPES.flatMap(({ kind, pattern, mark }) => matches(text, kind, pattern, mark)),
        ...assigned(text),
        ...TOLD.flatMap((pattern) => told(text, pattern)),
      ];

/** What is shorter is found only by what stands before it, with one of these in between. */
const SHAPE_CHARACTERS_MIN = 16;
const SIGNS = /[\s:=<]/;

interface Shape {
  readonly kind: string;
  readonly pattern: RegExp;
  /** Present in every text that the pattern is found in: looked for first, as nearly no text has it. */
  readonly mark: RegExp;
}

const SHAPES: readonly Shape[] = [
  {
    kind: "PEM block",
    mark: /-----BEGIN/,
    pattern: /(-----BEGIN [A-Z0-9 ]{1,60}-----[^]*?(?:-----END [A-Z0-9 ]{1,60}-----|$))/dg,
  },
  {
    kind: "JSON web token",
    mark: /eyJ/,
    pattern: /(?<![\w-])(eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*){0,3})/dg,
  },
  {
    kind: "credentials",
    mark: /bearer|basic|digest|negotiate/i,
    pattern: /(?<![\w-])(?:bearer|basic|digest|negotiate)[ \t]{1,8}([\w\-.~+/]{8,}={0,2})/dgi,
  },
  {
    kind: "credentials",
    mark: /@/,
    pattern: /:\/\/([^\s:/?#"'<>@]{0,256}(?::(?!\d{1,5}\/)[^\s"'<>]{1,256})?)@/dg,
  },
  {
    kind: "token",
    mark: /[-_.]|A[A-Z]{3}[A-Z0-9]{16}|AIza/,
    pattern:
      /(?<![A-Za-z0-9])((?:(?:sk|pk|rk|key)[-_]|gh[pousr]_|github_pat_|glpat-|xox[a-z]-|xapp-|ya29\.|npm_|pypi-|hf_|sg\.|shp(?:at|ca|pa|ss)_|do[opr]_v1_|hvs\.|whsec_|glc_|lin_api_|dckr_pat_|age-secret-key-|tskey-|tg_)[\w.-]{16,}|(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{16}|AIza[\w-]{30,})/dgi,
  },
];

/** The first group of every match. */
const matches = (text: string, kind: string, pattern: RegExp, mark: RegExp): readonly Found[] =>
  mark.test(text)
    ? [...text.matchAll(pattern)].flatMap(({ indices }) => {
        const [start, end] = indices?.[1] ?? [0, 0];
        return end > start ? [{ start, end, kind }] : [];
      })
    : [];

/** `password=…`, `"api_key": "…"`, `Cookie: …`: what is said to be the value of something that is secret. */
const ASSIGNMENT = /(?<![\p{L}\p{N}_.-])([\p{L}\p{N}_.-]{1,256})[\\"'\]]{0,4}[ \t]{0,8}(:?=>?|:)[ \t]{0,8}/gu;
/** `--password …`, `password is …`, `<password>…`. */
const TOLD = [
  /(?<![\w-])--?([a-z][\w-]{1,63})[ \t]{1,8}([^\s-][^\s]{0,4095})/dgi,
  /(?<![\w-])([\p{L}_]{3,32}) (?:is|was|ist)[: \t]{1,8}([^\s]{1,4096})/dgiu,
  /<([a-z][\w.:-]{1,63})>([^<]{1,4096})/dgi,
] as const;

const assigned = (text: string): readonly Found[] => {
  if (!/[:=]/.test(text)) {
    return [];
  }
  let covered = 0;
  return [...text.matchAll(ASSIGNMENT)].flatMap(({ 0: whole, 1: name = "", 2: sign, index }) => {
    const start = index + whole.length;
    if (start < covered || !isSecretName(name)) {
      return [];
    }
    covered = endOfValue(text, start, sign === ":");
    return foundAt(start, covered);
  });
};

const told = (text: string, pattern: RegExp): readonly Found[] =>
  (/[ \t<]/.test(text) ? [...text.matchAll(pattern)] : []).flatMap(({ 1: name = "", indices }) => {
    const [start, end] = indices?.[2] ?? [0, 0];
    return isSecretName(name) ? foundAt(start, end) : [];
  });

const foundAt = (start: number, end: number): readonly Found[] =>
  end > start ? [{ start, end, kind: "name" }] : [];

/** To the quote that closes it; without quotes to the end of the line, or after `=` of the word. */
const endOfValue = (text: string, start: number, isLine: boolean): number => {
  const quoted = /(\\{0,4})(["'`])/y;
  quoted.lastIndex = start;
  const [, escape = "", quote] = quoted.exec(text) ?? [];
  const until = quote === undefined ? (isLine ? LINE : WORD) : QUOTED[escape === "" ? quote : `\\${quote}`];
  if (until === undefined) {
    return start;
  }
  until.lastIndex = quote === undefined ? start : quoted.lastIndex;
  return until.test(text) ? until.lastIndex : start;
};

const LINE = /[^\r\n]+/y;
const WORD = /(?:(?:bearer|basic|digest|token)[ \t]{1,8})?[^\s&;]+/iy;
const QUOTED: Readonly<Record<string, RegExp>> = {
  '"': /(?:[^"\\]|\\[^])*/y,
  "'": /(?:[^'\\]|\\[^])*/y,
  "`": /(?:[^`\\]|\\[^])*/y,
  '\\"': /(?:[^"\\]|\\+[^"\\])*/y,
  "\\'": /(?:[^'\\]|\\+[^'\\])*/y,
  "\\`": /(?:[^`\\]|\\+[^`\\])*/y,
};
