/**
 * Whether a resource's URI says plainly which resource it means (docs/policy.md). Dot segments, percent-encoded
 * dots, slashes and backslashes, and backslashes are what one reader resolves and another does not, so a pattern cannot
 * judge them. Escapes of escapes (`%252e`) and control characters, which URL parsers drop (WHATWG URL, "tab or
 * newline"), hide the same.
 */
export const isPlainUri = (uri: string): boolean =>
  !HIDDEN.test(uri) && !uri.replace(SCHEME, "").split(SEPARATOR).some(isDotSegment);

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const HIDDEN = /[\\\u0000-\u001f\u007f]|%(?:25)*(?:2e|2f|5c)/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const SEPARATOR = /[/?#]/;

const isDotSegment = (segment: string): boolean => segment === "." || segment === "..";
