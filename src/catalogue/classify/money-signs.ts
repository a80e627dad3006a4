import type { KnownArgument } from "./argument-kinds.ts";
import { phraseClass, verbForm } from "./lexicon.ts";
import { TOLD_OF } from "./money-lookalikes.ts";
import { moneyTold, paidFor } from "./money-texts.ts";
import type { NameReading } from "./name-signs.ts";
import { READ_NOUNS } from "./nouns.ts";
import type { Clause } from "./prose-clauses.ts";
import { thingAt } from "./prose-things.ts";
import { WEIGHTS, type Sign } from "./sign.ts";
import { setOf, singular } from "./words.ts";
import { worseClass, type ToolClass } from "../verdict.ts";

/** What is needed to see money that neither the verb of the name nor that of the text tells of. */
export interface MoneyAsked {
  readonly name: NameReading;
  readonly clauses: readonly Clause[];
  readonly arguments: readonly KnownArgument[];
  readonly told: readonly Sign[];
}

/** Money that a text tells of further on, or that arguments carry to somebody. */
export const moneySigns = (asked: MoneyAsked): readonly Sign[] => {
  const strong = asked.told.filter(({ weight }) => weight >= WEIGHTS.inside);
  const is = strong.map((sign) => sign.class).reduce<ToolClass>(worseClass, "read");
  const choice = is === "financial" || toldOfEvents(asked) ? undefined : chosen(asked);
  if (choice !== undefined) {
    return [choice];
  }
  // What is called off ends something, whatever is given back for it.
  if (is === "financial" || strong.some(({ found }) => /^cancel\b/.test(found))) {
    return [];
  }
  const reads = is === "read" && asked.told.length > 0;
  const found = reads ? (offered(asked) ?? paysForIt(asked)) : acts(asked);
  return found === undefined ? [] : [found];
};

const CHOOSES = setOf("action operation op command cmd");

/** `manage_orders` with an action "create": what is done to the thing of the name. */
const chosen = ({ name: { words }, arguments: args }: MoneyAsked): Sign | undefined => {
  for (const { name, path, values } of args) {
    const value = CHOOSES.has(plain(name))
      ? values.find((each) => phraseClass(each.toLowerCase(), words) === "financial")
      : undefined;
    if (value !== undefined) {
      const says = `One of the things it can be told to do is "${value.slice(0, 40)}", which moves or commits money.`;
      return sign("argument", path, says);
    }
  }
  return undefined;
};

const acts = (asked: MoneyAsked): Sign | undefined =>
  told(asked) ??
  goesOn(asked) ??
  again(asked) ??
  named(asked) ??
  offered(asked) ??
  handedOver(asked) ??
  dealt(asked);

const told = ({ clauses }: MoneyAsked): Sign | undefined => {
  const found = clauses.map(moneyTold).find((words) => words !== undefined);
  return found === undefined
    ? undefined
    : sign("description", found, `Its text says "${found}", so it moves or commits money.`);
};

/** "Adds a guest. Pays the host for it." */
const goesOn = ({ told: signs }: MoneyAsked): Sign | undefined => {
  const later = signs.find(
    (one) => one.class === "financial" && one.from === "description" && one.weight === WEIGHTS.weak,
  );
  return later === undefined ? undefined : sign("description", later.found, later.says);
};

/** "Fetches a page. What it costs will be paid automatically." */
const paysForIt = ({ clauses }: MoneyAsked): Sign | undefined => {
  const found = clauses.map(paidFor).find((words) => words !== undefined);
  return found === undefined
    ? undefined
    : {
        ...sign("description", found, "Its text says that it pays by itself."),
        weight: 2 * WEIGHTS.decisive,
      };
};

/** A heading that the next sentence says in full: "Create a split. Create a revenue split for your shop." */
const again = ({ clauses: [first = [], second = []] }: MoneyAsked): Sign | undefined => {
  const verb = verbForm(first[0] ?? "")?.verb;
  const thing = thingAt(second, 0);
  return verb !== undefined &&
    verbForm(second[0] ?? "")?.verb === verb &&
    phraseClass(verb, thing) === "financial"
    ? sign("description", [verb, ...thing].join(" "), "Its text says in full what money it commits.")
    : undefined;
};

/** `order_mark_as_paid`. */
const named = ({ name: { words } }: MoneyAsked): Sign | undefined =>
  words.includes("mark") && words.at(-1) === "paid"
    ? sign("name", "paid", "Its name says that it marks something as paid.")
    : undefined;

const OFFERS = setOf("prize bounty reward bonus wage tip budget pay payout compensation wager");
const CURRENCIES = setOf("usd eur gbp usdc usdt eth sol sat sats cents dollars");
const PAYS = setOf("pay pays paid paying payment payments payout payouts escrow");

/** "Post a task for workers" with a `budget_usd`, where the text speaks of pay. Who asks people for pay does so, too. */
const offered = ({ arguments: args, clauses, told: signs }: MoneyAsked): Sign | undefined => {
  const asks = signs.every((one) => one.class !== "read" || /^ask\b/.test(one.found));
  const offer = asks
    ? args.find(
        ({ words }) =>
          words.some((word) => OFFERS.has(word)) &&
          (words.some((word) => CURRENCIES.has(word)) || words.length === 1 || words.at(-1) === "amount"),
      )
    : undefined;
  const pays =
    offer !== undefined &&
    (clauses.some((clause) => clause.some((word) => PAYS.has(word))) ||
      /\b(?:pay|pays|paid|payment)\b/i.test(offer.description));
  return pays
    ? sign("argument", offer.path, "It is told what is paid for what it asks for, so it commits money.")
    : undefined;
};

const AMOUNTS = setOf("amount amounts sats msats lamports wei satoshis");
const ENDS =
  setOf(`to recipient receiver destination beneficiary to_address toaddress recipient_address destination_address
  recipientaddress destinationaddress payment_method paymentmethod payment_method_id paymentmethodid card_id card_token
  cardtoken iban wallet wallet_id walletid wallet_address to_account toaccount to_account_id toaccountid from_account
  fromaccount fromaccountid from_account_id source_account pubkey ln_address invoice bolt11 charge_id chargeid
  payment_intent payment_id paymentid`);
/** What is kept with an entry of one's own books. */
const LEDGER = setOf(
  "category category_id categoryid categories payee payee_id payeeid notes memo tags expense_date",
);

const plain = (name: string): string => name.toLowerCase().replaceAll("-", "_");

/** An amount, and who is to have it. */
const handedOver = ({ arguments: args }: MoneyAsked): Sign | undefined => {
  const amount = args.find(({ words }) => words.length < 3 && AMOUNTS.has(words.at(-1) ?? ""));
  const end = args.find(({ name }) => ENDS.has(plain(name)));
  return amount !== undefined && end !== undefined && !inBooks(args)
    ? sign("argument", amount.path, "It is told an amount and who is to have it.")
    : undefined;
};

const inBooks = (args: readonly KnownArgument[]): boolean => args.some(({ name }) => LEDGER.has(plain(name)));

const SALES =
  setOf(`price_id priceid customer_id customerid customer collection_mode collectionmode payment_method paymentmethod
  checkout chain chain_id chainid gas_limit gaslimit calldata`);
const SIDES = setOf("debit credit");

/** A transaction is money of somebody where it is of a customer, of a chain or between accounts; else an entry. */
const dealt = ({ name: { words }, clauses: [first = []], arguments: args }: MoneyAsked): Sign | undefined => {
  const about = [...words, ...first].some((word) => singular(word) === "transaction") && !inBooks(args);
  const by = about
    ? args.find(
        ({ name, values }) => SALES.has(plain(name)) || values.filter((value) => SIDES.has(value)).length > 1,
      )
    : undefined;
  return by === undefined
    ? undefined
    : sign(
        "argument",
        by.path,
        "It makes or changes a transaction with somebody, not an entry of one's own books.",
      );
};

const sign = (from: Sign["from"], found: string, says: string): Sign => ({
  class: "financial",
  weight: WEIGHTS.decisive,
  from,
  found: found.slice(0, 80),
  says,
});

const TOLD = setOf(TOLD_OF);
const PLACES = setOf(
  "webhook webhook_url callback callback_url callbackurl topic topics topic_arn event events event_types protocol endpoint notification_url notificationurl",
);
const PLANS = setOf(
  "plan plan_id planid price price_id priceid product_id productid customer customer_id customerid quantity",
);

/** What looks like money and is none: a subscription to events, and a noun with which the name of a reader begins. */
export const lookalikes = (signs: readonly Sign[], asked: Omit<MoneyAsked, "told">): readonly Sign[] => {
  const events = toldOfEvents(asked);
  const reads = onlyReads(signs, asked.arguments);
  return signs.map((one) => {
    if (one.class !== "financial") {
      return one;
    }
    if (events && /\bsubscriptions?$/.test(one.found)) {
      return { ...one, class: "write", says: `"${one.found.slice(0, 40)}" has it told of something.` };
    }
    return reads && isNoun(one, asked.name.words) ? { ...one, weight: WEIGHTS.trace } : one;
  });
};

const toldOfEvents = ({
  name: { words },
  clauses: [first = []],
  arguments: args,
}: Omit<MoneyAsked, "told">) =>
  !args.some(({ name }) => PLANS.has(plain(name))) &&
  (args.some(({ name }) => PLACES.has(plain(name))) ||
    [...words, ...first].some((word) => TOLD.has(singular(word))));

/** Whether all of a text reads, and no argument carries money or says who is to have it. */
const onlyReads = (signs: readonly Sign[], args: readonly KnownArgument[]): boolean =>
  signs.some(({ from, weight }) => from === "description" && weight >= WEIGHTS.sure) &&
  signs.every((one) => one.from !== "description" || one.class === "read") &&
  !args.some(
    ({ name, kinds, words }) =>
      kinds.includes("money") || AMOUNTS.has(words.at(-1) ?? "") || ENDS.has(plain(name)),
  );

/** `trade_ideas`, `purchase_history`, `open_positions`, but not `buy_domain`. */
const isNoun = (one: Sign, words: readonly string[]): boolean =>
  one.from === "name" &&
  words.length > 1 &&
  (isFirstPart(one, words.at(-1) ?? "") || /^open .*s$/.test(one.found));

const isFirstPart = ({ found, weight }: Sign, last: string): boolean =>
  weight <= WEIGHTS.maybe
    ? verbForm(found)?.noun === true && verbForm(last)?.form !== "base"
    : READ_NOUNS.has(last) && weight < WEIGHTS.phrase;
