import type { KnownArgument } from "./argument-kinds.ts";
import type { Known } from "./meta.ts";
import { setOf, singular } from "./words.ts";

/** Arguments that name what is called. */
const TARGETS = setOf(
  "service method endpoint operation action function procedure rpc operation_id operationid",
);
/** … and what it is given. */
const PAYLOADS = setOf(
  "request body params parameters args arguments kwargs payload input inputs data json query_params",
);
/** A request to an address is judged as one (`free-requests.ts`). */
const ADDRESSES = setOf("url uri href");
/** Verbs of tools that call what they are told to, and things that are called. */
const CALLS = setOf("call invoke execute dispatch make send run perform request proxy");
const CALLED = setOf("api endpoint method operation action request service function rpc procedure");
const ANY = setOf("any every whichever arbitrary specified given");
const HTTP_READS = setOf("get head options");

/**
 * The arguments of a tool that passes on whatever its caller names: `make_api_request { service, method, request }`. The
 * name says that it calls, or the first sentence that it calls any of them; one that only gets is none.
 */
export const dispatched = (known: Known): readonly string[] => {
  const top = known.arguments.filter(({ path }) => path.lastIndexOf(".") === 4 && !path.includes("["));
  const targets = top.filter(
    ({ name, types, values }) =>
      TARGETS.has(name.toLowerCase()) &&
      values.length === 0 &&
      (types.length === 0 || types.includes("string")),
  );
  return targets.length > 0 &&
    !top.some(({ name }) => ADDRESSES.has(name.toLowerCase())) &&
    top.some(({ name }) => PAYLOADS.has(name.toLowerCase())) &&
    !known.prose.claimsReadOnly &&
    !onlyGets(top) &&
    calls(known)
    ? targets.map(({ path }) => path)
    : [];
};

const onlyGets = (args: readonly KnownArgument[]): boolean =>
  args.some(
    ({ name, values }) =>
      name.toLowerCase() === "method" &&
      values.length > 0 &&
      values.every((value) => HTTP_READS.has(value.toLowerCase())),
  );

const calls = ({ name: { words }, prose: { clauses } }: Known): boolean => {
  const named = CALLS.has(words[0] ?? "") || CALLS.has(words.at(-1) ?? "");
  const things = words.filter((word) => CALLED.has(singular(word)));
  const first = clauses[0] ?? [];
  const any = first.some((word) => ANY.has(word)) && first.some((word) => CALLED.has(singular(word)));
  return named && (words.length === 1 || things.length > 0 || (any && first.some((word) => CALLS.has(word))));
};
