import type { VerbGroup } from "./verb-table.ts";

/** Verbs of trades, of wallets and of everyday payments, beside those of the general table. */
export const MONEY_VERBS: readonly VerbGroup[] = [
  {
    class: "financial",
    noun: false,
    verbs: `hire restake undelegate redelegate unbond cashout clawback outbid preorder rebook pledge overpay divest
      crowdfund autopay preauthorize preauthorise prefund refinance onramp offramp multisend`,
  },
  {
    class: "financial",
    noun: true,
    verbs: "airdrop escrow withdrawal donation disbursement reimbursement remittance rent",
  },
  // Nouns as well as verbs: they move money where the tables know what is credited or billed.
  {
    class: "financial",
    noun: true,
    needsThing: true,
    verbs:
      "credit bill sponsor gift invest deduct exercise harvest rebalance disperse cosign bridge sign raise give",
  },
];
