import { FILLERS, NEGATIONS } from "./nouns.ts";
import { MENTION, type Clause } from "./prose-clauses.ts";
import { setOf, singular } from "./words.ts";

// What texts say of money beside the verb with which they begin: "Activates a trial. The card is charged at once."

const AT_ONCE = setOf("immediately automatically instantly immediate automatic");
const TAKES = setOf("bills charges debits invoices deducts");
const PAYERS = setOf(
  `customer customers card cards account buyer user payer wallet you cardholder subscriber client method`,
);
const TAKEN = setOf("charged billed debited deducted paid refunded withdrawn credited");
const TAKING = setOf("charge payment purchase invoice billing refund payout debit");
const RELEASES = setOf("release releases releasing disburse disburses");
const RELEASED = setOf("payment funds escrow payout payouts payments money");
const PAYS = setOf("pay pays paying");
const PURSES = setOf("balance wallet credits account card");

/** Words behind which stands what comes about some other time, or only perhaps. */
const LATER = setOf(
  "when once until unless after later next future whether renewal renews never without before",
);

/** What a clause says of money that the call itself moves; `undefined`: nothing. */
export const moneyTold = (clause: Clause): string | undefined => {
  for (let at = 0; at < clause.length; at += 1) {
    const found = TELLS.map((tells) => tells(clause, at)).find((words) => words !== undefined);
    if (found !== undefined && !isElsewhere(clause, at)) {
      return found;
    }
  }
  return undefined;
};

/** What a tool that fetches something says of what it pays for that. */
export const paidFor = (clause: Clause): string | undefined => {
  const at = clause.findIndex(
    (word, place) =>
      (word === "paid" &&
        clause.slice(Math.max(0, place - 3), place).includes("will") &&
        clause.slice(place - 2, place + 3).includes("automatically")) ||
      (PAYS.has(word) &&
        clause[place - 1] === "automatically" &&
        (place < 2 || OF_ITSELF.has(clause[place - 2] ?? ""))),
  );
  return at < 0 || isElsewhere(clause, at) ? undefined : clause[at];
};

const OF_ITSELF = setOf("and , it will tool then");

const isElsewhere = (clause: Clause, at: number): boolean =>
  clause.slice(0, at).some((word) => LATER.has(word) || word === MENTION) ||
  clause.slice(Math.max(0, at - 5), at).some((word) => NEGATIONS.has(word));

type Tells = (clause: Clause, at: number) => string | undefined;

/** "Bills for a subscription immediately", "charges the customer". */
const takes: Tells = (clause, at) => {
  const word = clause[at] ?? "";
  const behind = clause.slice(at + 1, at + 8);
  return TAKES.has(word) &&
    (at > 0 || FILLERS.has(behind[0] ?? "")) &&
    behind.slice(0, 4).some((next) => next === "for" || isPayer(next)) &&
    behind.some((next) => AT_ONCE.has(next) || isPayer(next))
    ? word
    : undefined;
};

const isPayer = (word: string): boolean => PAYERS.has(word.replace(/'s$/, ""));

/** "Is charged at once", "will be billed", "paid automatically". */
const isTaken: Tells = (clause, at) => {
  const word = clause[at] ?? "";
  if (!TAKEN.has(word)) {
    return undefined;
  }
  const before = clause.slice(Math.max(0, at - 3), at);
  const behind = clause.slice(at + 1, at + 3);
  const atOnce =
    before.some((next) => AT_ONCE.has(next)) || behind.some((next) => AT_ONCE.has(next)) || isNow(behind);
  const willBe = before.includes("will") && before.includes("be");
  return atOnce || willBe ? word : undefined;
};

const isNow = ([first, second]: readonly string[]): boolean => first === "at" && second === "once";

/** "An immediate charge", "automatic payment", of which a word may stand between. */
const immediate: Tells = (clause, at) => {
  const word = clause[at] ?? "";
  const behind = clause.slice(at + 1, at + 3);
  const taking = behind.find((next) => TAKING.has(singular(next)));
  return (word === "immediate" || word === "automatic") && taking !== undefined
    ? `${word} ${taking}`
    : undefined;
};

/** "Releases the payment". */
const releases: Tells = (clause, at) => {
  const word = clause[at] ?? "";
  const released = clause.slice(at + 1, at + 4).find((next) => RELEASED.has(next));
  return RELEASES.has(word) && released !== undefined ? `${word} ${released}` : undefined;
};

/** "Pays automatically", "automatically pays". */
const paysItself: Tells = (clause, at) =>
  PAYS.has(clause[at] ?? "") && (clause[at - 1] === "automatically" || clause[at + 1] === "automatically")
    ? clause[at]
    : undefined;

/** "Deducted from the balance", "paid from your wallet". */
const fromPurse: Tells = (clause, at) => {
  const word = clause[at] ?? "";
  const from = clause.slice(at + 1, at + 4).indexOf("from");
  return (word === "deducted" || word === "deducts" || word === "deduct" || word === "paid") &&
    from >= 0 &&
    clause.slice(at + 2 + from, at + 6 + from).some((next) => PURSES.has(next))
    ? word
    : undefined;
};

/** "Marks an order as paid". */
const marksPaid: Tells = (clause, at) =>
  clause[at] === "paid" &&
  clause[at - 1] === "as" &&
  clause.slice(Math.max(0, at - 7), at).some((word) => MARKS.has(word))
    ? "as paid"
    : undefined;
const MARKS = setOf("mark marks marking");

const DEALS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    places: setOf("order bid bet trade"),
    makes: setOf("payment purchase"),
    initiates: setOf("payment refund payout charge transaction"),
    executes: setOf("payment trade swap payout"),
    triggers: setOf("payment refund payout charge"),
    issues: setOf("refund payout invoice"),
  }),
);

/** "This endpoint places a renewal order". */
const deals: Tells = (clause, at) => {
  const deal = clause.slice(at + 1, at + 5).find((word) => DEALS.get(clause[at] ?? "")?.has(word));
  return deal === undefined ? undefined : `${clause[at] ?? ""} ${deal}`;
};

/** "This will charge the account", "spends real money". */
const willTake: Tells = (clause, at) =>
  WILL_TAKE.has(clause[at] ?? "") && clause[at - 1] === "will" && clause.slice(at + 1, at + 6).some(isPayer)
    ? `will ${clause[at] ?? ""}`
    : undefined;
const WILL_TAKE = setOf("charge bill debit invoice");

const realMoney: Tells = (clause, at) =>
  clause[at] === "real" && (clause[at + 1] === "money" || clause[at + 1] === "funds")
    ? "real money"
    : undefined;

/** "Upgrades a customer to another plan". */
const changesPlan: Tells = (clause, at) => {
  const behind = clause.slice(at + 1, at + 9);
  const to = behind.indexOf("to");
  return MOVES.has(clause[at] ?? "") &&
    to >= 0 &&
    behind.slice(to + 1, to + 5).some((word) => PLANS.has(word))
    ? `${clause[at] ?? ""} to a plan`
    : undefined;
};
const MOVES = setOf("upgrade upgrades downgrade downgrades switch switches");
const PLANS = setOf("plan tier premium subscription");

const TELLS: readonly Tells[] = [
  takes,
  isTaken,
  immediate,
  releases,
  paysItself,
  fromPurse,
  marksPaid,
  changesPlan,
  deals,
  willTake,
  realMoney,
];
