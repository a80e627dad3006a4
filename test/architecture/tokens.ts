import { createScanner, type Scanner } from "typescript/unstable/ast/scanner";
import { SyntaxKind } from "typescript/unstable/ast";

/** One token of a TypeScript file. Comments are no tokens. */
export interface Token {
  readonly kind: SyntaxKind;
  /** As written; for strings and templates without their quotes and `${`. */
  readonly text: string;
  readonly line: number;
}

export interface Scanned {
  readonly tokens: readonly Token[];
  readonly comments: readonly Token[];
}

const STRINGS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.StringLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateHead,
  SyntaxKind.TemplateMiddle,
  SyntaxKind.TemplateTail,
]);

const COMMENTS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.SingleLineCommentTrivia,
  SyntaxKind.MultiLineCommentTrivia,
]);

/** After these a slash divides; after anything else it opens a regular expression. */
const VALUE_ENDS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.Identifier,
  SyntaxKind.PrivateIdentifier,
  SyntaxKind.NumericLiteral,
  SyntaxKind.BigIntLiteral,
  SyntaxKind.StringLiteral,
  SyntaxKind.RegularExpressionLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateTail,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
  SyntaxKind.CloseBraceToken,
  SyntaxKind.ThisKeyword,
  SyntaxKind.SuperKeyword,
  SyntaxKind.TrueKeyword,
  SyntaxKind.FalseKeyword,
  SyntaxKind.NullKeyword,
]);

/**
 * Splits a file into tokens with the compiler's own scanner, so that what stands in a string or a comment is never
 * taken for code. Source: `typescript/unstable/ast/scanner` (the version is pinned).
 */
export const scan = (text: string): Scanned => {
  const scanner = createScanner(false);
  scanner.setText(text);
  const tokens: Token[] = [];
  const comments: Token[] = [];
  // Depth of braces inside each `${` that is open.
  const templates: number[] = [];
  let line = 1;
  let before: SyntaxKind | undefined;
  for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFile; kind = scanner.scan()) {
    kind = disambiguate(scanner, kind, before, templates);
    trackBraces(kind, templates);
    const source = scanner.getTokenText();
    const token = { kind, text: STRINGS.has(kind) ? scanner.getTokenValue() : source, line };
    line += source.split("\n").length - 1;
    if (COMMENTS.has(kind)) {
      comments.push(token);
    } else if (kind > SyntaxKind.NonTextFileMarkerTrivia) {
      tokens.push(token);
      before = kind;
    }
  }
  return { tokens, comments };
};

/** A slash and a closing brace mean different things in different places; the scanner alone cannot know. */
const disambiguate = (
  scanner: Scanner,
  kind: SyntaxKind,
  before: SyntaxKind | undefined,
  templates: readonly number[],
): SyntaxKind => {
  if (kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken) {
    return before !== undefined && VALUE_ENDS.has(before) ? kind : scanner.reScanSlashToken();
  }
  return kind === SyntaxKind.CloseBraceToken && templates.at(-1) === 0
    ? scanner.reScanTemplateToken(false)
    : kind;
};

const trackBraces = (kind: SyntaxKind, templates: number[]): void => {
  const innermost = templates.length - 1;
  if (kind === SyntaxKind.TemplateHead) {
    templates.push(0);
  } else if (kind === SyntaxKind.TemplateTail) {
    templates.pop();
  } else if (innermost >= 0 && kind === SyntaxKind.OpenBraceToken) {
    templates[innermost] = (templates[innermost] ?? 0) + 1;
  } else if (innermost >= 0 && kind === SyntaxKind.CloseBraceToken) {
    templates[innermost] = (templates[innermost] ?? 0) - 1;
  }
};

export const isString = (token: Token | undefined): boolean => token !== undefined && STRINGS.has(token.kind);

/** What one token must be: its text, or a test. Strings never match a text. */
export type Want = string | ((token: Token) => boolean);

/** Indexes at which this sequence of tokens begins. */
export const findSequence = (tokens: readonly Token[], wants: readonly Want[]): readonly number[] => {
  const found: number[] = [];
  for (let start = 0; start + wants.length <= tokens.length; start += 1) {
    if (wants.every((want, offset) => meets(tokens[start + offset], want))) {
      found.push(start);
    }
  }
  return found;
};

const meets = (token: Token | undefined, want: Want): boolean => {
  if (token === undefined) {
    return false;
  }
  return typeof want === "string" ? token.text === want && !STRINGS.has(token.kind) : want(token);
};
