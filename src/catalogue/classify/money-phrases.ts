import { AUTOMATIC, BALANCES, COMMITS, MONEY, SENT } from "./money-things.ts";
import type { Phrase } from "./phrases.ts";

/** What commits, moves or gives back money. Earlier lines win. */
export const MONEY_PHRASES: readonly Phrase[] = [
  // Advertisements.
  {
    verbs: "boost promote sponsor",
    objects: "post ad listing campaign-budget tweet reel",
    class: "financial",
  },
  {
    verbs: "set update change increase decrease raise lower adjust modify",
    objects: `campaign-budget ad-budget ad-set-budget adset-budget bid-amount bid-strategy bid
      keyword-bid daily-budget lifetime-budget max-bid bid-modifier set-budget group-budget`,
    class: "financial",
  },
  // Bills, invoices and what is paid of them.
  {
    verbs: "issue",
    objects: `gift-card card virtual-card refund credit voucher store-credit credit-note payout bond share token
      payment cheque check dividend loan gift-certificate bonus advance rebate reimbursement`,
    class: "financial",
  },
  {
    verbs: "void",
    objects: `invoice payment charge authorization authorisation order transaction check cheque bill refund capture
      sale credit-note credit-memo`,
    class: "financial",
  },
  {
    verbs: "reverse",
    objects: "transaction payment charge transfer payout credit debit refund deposit settlement",
    class: "financial",
  },
  {
    verbs: "generate build produce",
    objects: `payment-link payment-request checkout-link checkout-session payment-url buy-link invoice payment-code
      payment-qr checkout-url shipping-label`,
    class: "financial",
  },
  {
    verbs: `create make send issue initiate place submit process execute perform finalize finalise begin accept confirm
      complete do post request schedule modify amend start`,
    objects: COMMITS,
    class: "financial",
  },
  { verbs: "email mail resend deliver reissue approve", objects: "invoice", class: "financial" },
  {
    verbs: "record receive take collect register apply enter",
    objects: "payment prepayment overpayment",
    class: "financial",
  },
  {
    verbs: "collect take",
    objects: "fee rent due deposit donation cash fare premium subscription-fee loan",
    class: "financial",
  },
  {
    verbs: "apply",
    objects: "gift-card store-credit credit-note credit account-credit customer-credit",
    class: "financial",
  },
  {
    verbs: "mark set flag",
    objects: "invoice-paid order-paid bill-paid payment-paid payment-received paid invoice-sent refunded",
    class: "financial",
  },
  {
    verbs: "retry resubmit rerun reattempt recharge",
    objects: "payment charge payout invoice-payment subscription-payment card-payment refund collection",
    class: "financial",
  },
  {
    verbs: "capture authorize authorise approve preauthorize",
    objects: `payment charge paypal-order payment-intent order payout allowance token-allowance spending invoice
      authorization authorisation fund withdrawal refund loan reimbursement spender token-spending token-approval
      purchase-order disbursement bounty milestone-payment expense-claim expense-report transfer payroll bill token
      erc20 payout-request withdrawal-request payment-request refund-request`,
    class: "financial",
  },
  {
    verbs: "release",
    objects: "payment fund escrow payout milestone-payment holdback escrow-fund deposit",
    class: "financial",
  },
  { verbs: "capture", objects: "transaction", class: "financial" },
  {
    verbs: "bill",
    objects: "customer client user account usage hour card tenant subscription",
    class: "financial",
  },
  // Balances.
  {
    verbs: "credit",
    objects: "account wallet customer user merchant player member driver seller buyer store-credit gift-card",
    class: "financial",
  },
  {
    verbs: "add increase decrease adjust deduct grant move reduce topup subtract",
    objects: `${BALANCES} balance account-balance`,
    class: "financial",
  },
  { verbs: "set update modify change", objects: BALANCES, class: "financial" },
  { verbs: "increase decrease add remove", objects: "collateral allowance liquidity", class: "financial" },
  { verbs: "add", objects: "order payment limit-order market-order", class: "financial" },
  {
    verbs: "initialize initialise init initiate",
    objects: "payment transaction charge checkout payment-session",
    class: "financial",
  },
  { verbs: "push", objects: "stk", class: "financial" },
  { verbs: "record", objects: "sale", class: "financial" },
  { verbs: "add give", objects: "tip gratuity donation bonus", class: "financial" },
  { verbs: "apply", objects: "late-fee surcharge", class: "financial" },
  { verbs: "run", objects: "payroll payroll-run payment-run billing-run", class: "financial" },
  { verbs: "flash", objects: "loan", class: "financial" },
  { verbs: "extend", objects: "rental stay hotel-stay", class: "financial" },
  { verbs: "mark", objects: "invoice", class: "financial" },
  { verbs: "load reload order", objects: "gift-card prepaid-card debit-card", class: "financial" },
  {
    verbs: "configure set enable update create setup start",
    objects: AUTOMATIC,
    class: "financial",
  },
  // Subscriptions and plans.
  {
    verbs: "update change upgrade downgrade start restart activate reactivate reinstate renew extend edit",
    objects: "subscription subscription-plan plan-price bank-transaction paid-plan",
    class: "financial",
  },
  {
    verbs: "upgrade downgrade change switch",
    objects: `tier pricing-plan billing-plan membership subscription-tier billing-cycle billing-tier plan service-plan
      account-plan subscription-quantity`,
    class: "financial",
  },
  {
    verbs: "add update set change increase buy",
    objects: "seat-count paid-seat license-count license-quantity subscription-quantity subscription-item",
    class: "financial",
  },
  { verbs: "add upgrade", objects: "seat", class: "financial" },
  { verbs: "upgrade", objects: "account", class: "financial" },
  {
    verbs: "renew extend",
    objects: "membership plan policy hosting service license licence",
    class: "financial",
  },
  { verbs: "subscribe", objects: "plan product paid-plan", class: "financial" },
  {
    verbs: "gift sponsor",
    objects: "subscription membership user developer project creator sub",
    class: "financial",
  },
  // Names and numbers that are bought.
  {
    verbs: "renew register restore",
    objects: "domain domain-name domain-registration registration",
    class: "financial",
  },
  { verbs: "claim", objects: "free-domain domain-transfer", class: "financial" },
  {
    verbs: "start initiate request order create",
    objects: "domain-transfer domain-order",
    class: "financial",
  },
  {
    verbs: "provision acquire order rent",
    objects: "phone-number number toll-free-number",
    class: "financial",
  },
  // Trades and chains.
  {
    verbs: "add",
    objects: "invoice-item invoice-line-item charge fund margin liquidity late-fee",
    class: "financial",
  },
  {
    verbs: "remove",
    objects: "liquidity margin credit store-credit account-credit fund",
    class: "financial",
  },
  {
    verbs: "open close reverse increase reduce flatten",
    objects:
      "position trade long short leverage-position perp-position perp perpetual lightning-channel payment-channel",
    class: "financial",
  },
  {
    verbs: "send transfer move bridge airdrop wrap unwrap receive-paid release disperse",
    objects: MONEY,
    class: "financial",
  },
  { verbs: "send transfer bridge", objects: SENT, class: "financial" },
  {
    verbs: "submit relay propose cosign",
    objects: "transaction raw-transaction signed-transaction user-operation userop psbt extrinsic",
    class: "financial",
  },
  {
    verbs: "sign send broadcast",
    objects: "user-operation userop psbt calldata extrinsic",
    class: "financial",
  },
  { verbs: "burn", objects: "token nft coin erc20 lp-token", class: "financial" },
  {
    verbs: "delegate",
    objects: "stake token sol eth atom ada hbar voting-power tokens-stake near",
    class: "financial",
  },
  { verbs: "supply", objects: "asset collateral token usdc liquidity fund eth", class: "financial" },
  {
    verbs: "set adjust change modify",
    objects: "leverage margin margin-mode position-mode stop-loss take-profit trailing-stop tp-sl",
    class: "financial",
  },
  { verbs: "roll split merge", objects: "position", class: "financial" },
  {
    verbs: "modify convert adjust",
    objects: "open-position trade-position option-position perp-position margin-position",
    class: "financial",
  },
  { verbs: "convert", objects: "crypto-asset dust", class: "financial" },
  { verbs: "copy", objects: "trade trader", class: "financial" },
  { verbs: "accept", objects: "quote delivery-quote", class: "financial" },
  {
    verbs: "execute confirm approve",
    objects: "safe-transaction multisig-transaction",
    class: "financial",
  },
  { verbs: "replace amend edit", objects: "order limit-order stop-order open-order", class: "financial" },
  { verbs: "rebalance liquidate", objects: "portfolio holding fund", class: "financial" },
  { verbs: "exercise", objects: "option warrant stock-option option-contract", class: "financial" },
  {
    verbs: "claim harvest collect",
    objects: `reward fee airdrop yield staking-reward rebate bonus dividend bounty payout cashback refund interest
      faucet faucet-fund lp-fee`,
    class: "financial",
  },
  {
    verbs: "request",
    objects: "ride taxi cab payout withdrawal faucet-fund loan refund advance",
    class: "financial",
  },
  { verbs: "zap", objects: "note user profile author npub sats", class: "financial" },
  // Things that are reserved against money, and people who are paid.
  { verbs: "confirm complete", objects: "booking reservation", class: "financial" },
  {
    verbs: "book reserve",
    objects: `flight hotel room ticket trip ride taxi car table-paid seat stay accommodation hotel-room rental
      rental-car tour cruise train bus villa apartment cab flight-offer excursion itinerary`,
    class: "financial",
  },
  { verbs: "change", objects: "flight flight-booking", class: "financial" },
  {
    verbs: "reorder",
    objects: "meal previous-order past-order last-order usual food grocery order",
    class: "financial",
  },
  { verbs: "submit checkout", objects: "cart basket", class: "financial" },
  {
    verbs: "fund",
    objects: "wallet account card escrow order purchase project bounty campaign agent address channel",
    class: "financial",
  },
  { verbs: "invest", objects: "*", class: "financial" },
];
