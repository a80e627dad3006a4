/** What a text is refused for. */
export type JsonErrorKind =
  | "syntax"
  | "duplicate_key"
  | "lone_surrogate"
  | "too_deep"
  | "too_many_keys"
  | "number_range";

/** A place in a text: lines end with LF, columns count UTF-16 units; both start at 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export const placeOf = (text: string, offset: number): Place => {
  let line = 1;
  let lineStart = 0;
  for (let end = text.indexOf("\n"); end !== -1 && end < offset; end = text.indexOf("\n", lineStart)) {
    line += 1;
    lineStart = end + 1;
  }
  return { line, column: offset - lineStart + 1 };
};

/** Why a text is refused. The message is one sentence that quotes nothing of the text but a duplicate key's name. */
export class JsonError extends Error {
  override readonly name = "JsonError";
  readonly kind: JsonErrorKind;
  readonly line: number;
  readonly column: number;
  /** UTF-16 units from the start of the text. */
  readonly offset: number;
  /** Where in the document (RFC 6901); only from `readJsonDocument`. */
  readonly pointer?: string;

  constructor(kind: JsonErrorKind, message: string, text: string, offset: number, pointer?: string) {
    super(message);
    this.kind = kind;
    this.offset = offset;
    const place = placeOf(text, offset);
    this.line = place.line;
    this.column = place.column;
    if (pointer !== undefined) {
      this.pointer = pointer;
    }
  }
}
