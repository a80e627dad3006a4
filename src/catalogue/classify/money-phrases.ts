import type { Phrase } from "./phrases.ts";

/** Money and what stands for it. */
const MONEY = `money fund fiat crypto eth ether btc bitcoin sol usdc usdt dai lamport sat satoshi coin nft erc20 erc721
  erc-20 payment token currency balance gift-card zap xrp matic bnb wei tip payout`;

/** Making one of these commits money. */
const COMMITS = `payment charge refund payout transfer invoice order payment-link checkout checkout-session
  payment-intent bid bet trade purchase subscription payment-request swap withdrawal deposit buy-order sell-order
  limit-order market-order stop-order bracket-order credit-note donation wager invoice-item invoice-line-item
  purchase-order trade-order billing-agreement batch-payout escrow cross-border-payment p2p-payment stake auction-bid
  money-transfer bank-transfer bank-transaction setup-fee reservation-payment ad-campaign-budget`;

/** Earlier lines win. */
export const MONEY_PHRASES: readonly Phrase[] = [
  // What only looks like money.
  {
    verbs: "create add update",
    objects: `payment-method payment-term order-note order-tag payment-config payment-link-setting webhook-subscription
      event-subscription invoice-template sort-order push-subscription topic-subscription notification-subscription
      work-order change-order alert-subscription email-subscription display-order pubsub-subscription file-transfer`,
    class: "write",
  },
  {
    verbs: "transfer",
    objects: "issue repository repo project ownership file call page domain chat",
    class: "write",
  },
  {
    verbs: "transfer",
    objects: `image snapshot volume zone number phone-number owner admin role app team channel conversation contact lead
      deal ticket task card note record data session control call-leg participant object folder document`,
    class: "write",
  },
  {
    verbs: "charge",
    objects: "point model data trend session-card",
    class: "read",
  },
  {
    verbs: "swap order place",
    objects: `material mesh texture layer item list variable slot asset word line column row model face block actor
      light object node sound prop device`,
    class: "write",
  },
  { verbs: "fund", objects: "list data holding nav", class: "read" },
  {
    verbs: "create make update send prepare save",
    objects:
      "draft-order draft-invoice draft-payment invoice-draft order-draft quote-draft draft-transaction",
    class: "write",
  },
  {
    verbs: "boost promote",
    objects: "post ad listing campaign-budget",
    class: "financial",
  },
  {
    verbs: "set update change increase adjust modify",
    objects: "campaign-budget ad-budget ad-set-budget adset-budget spend-limit bid-amount bid-strategy",
    class: "financial",
  },
  {
    verbs: "issue",
    objects: `gift-card card virtual-card refund credit voucher store-credit credit-note payout bond share token
      payment cheque check dividend loan`,
    class: "financial",
  },
  {
    verbs: "issue",
    objects: "certificate ticket badge credential warning license licence receipt permit command",
    class: "write",
  },
  { verbs: "void", objects: "invoice payment charge authorization order", class: "financial" },
  { verbs: "sum", objects: "*", class: "read" },
  // What commits or moves money.
  {
    verbs: "generate build produce",
    objects:
      "payment-link payment-request checkout-link checkout-session payment-url buy-link invoice payment-code",
    class: "financial",
  },
  {
    verbs: `create make send issue initiate place submit process execute perform finalize finalise begin accept confirm
      complete do post request schedule modify`,
    objects: COMMITS,
    class: "financial",
  },
  {
    verbs: "add",
    objects: "invoice-item invoice-line-item charge fund margin liquidity",
    class: "financial",
  },
  { verbs: "confirm complete", objects: "booking reservation", class: "financial" },
  { verbs: "remove", objects: "liquidity margin", class: "financial" },
  {
    verbs: "open close",
    objects: "position trade long short leverage-position perp-position",
    class: "financial",
  },
  { verbs: "send transfer move bridge airdrop wrap unwrap receive-paid", objects: MONEY, class: "financial" },
  {
    verbs: "capture authorize authorise approve",
    objects:
      "payment charge paypal-order payment-intent order payout allowance token-allowance spending invoice",
    class: "financial",
  },
  {
    verbs: "update change upgrade downgrade",
    objects: "bank-transaction subscription subscription-plan plan-price",
    class: "financial",
  },
  {
    verbs: "book reserve",
    objects: "flight hotel room ticket trip ride taxi car table-paid seat",
    class: "financial",
  },
  { verbs: "request", objects: "ride taxi cab payout withdrawal", class: "financial" },
  { verbs: "subscribe", objects: "plan product paid-plan", class: "financial" },
  {
    verbs: "set adjust change modify",
    objects: "leverage margin margin-mode position-mode",
    class: "financial",
  },
  { verbs: "claim", objects: "reward fee airdrop yield", class: "financial" },
  { verbs: "renew register", objects: "domain domain-name", class: "financial" },
  {
    verbs: "lock unlock release",
    objects: "fund liquidity escrow escrow-fund payment token-balance collateral",
    class: "financial",
  },
  {
    verbs: "bridge airdrop gift reward credit allocate",
    objects: `${MONEY} customer-balance customer-account`,
    class: "financial",
  },
  {
    verbs: "rent lease",
    objects: "car apartment house vehicle equipment movie room flat",
    class: "financial",
  },
  { verbs: "post reverse", objects: "transaction payment charge ledger-transaction", class: "financial" },
  { verbs: "submit relay", objects: "transaction signed-transaction raw-transaction", class: "financial" },
  {
    verbs: "approve",
    objects: "token erc20 erc-20 spender spend token-spend token-spending",
    class: "financial",
  },
  {
    verbs: "replace amend",
    objects: "order limit-order stop-order open-order trade",
    class: "financial",
  },
  {
    verbs: "set update add",
    objects: "stop-loss take-profit trailing-stop tp-sl trading-stop",
    class: "financial",
  },
  {
    verbs: "harvest compound collect",
    objects: "reward yield trading-fee pool-fee lp-fee",
    class: "financial",
  },
  { verbs: "delegate", objects: "stake sol eth atom coin", class: "financial" },
  { verbs: "delegate", objects: "vote voting-power", class: "write" },
  { verbs: "exercise", objects: "option warrant stock-option", class: "financial" },
  { verbs: "rebalance", objects: "portfolio wallet allocation", class: "financial" },
  { verbs: "supply", objects: `${MONEY} asset liquidity collateral`, class: "financial" },
];
