import type { Phrase } from "./phrases.ts";

/** Orders of things, and orders of work: nothing is bought with them. */
const ORDERS = `sort-order work-order change-order display-order tab-order stacking-order render-order draw-order layer-order
  column-order custom-order menu-order list-order item-order field-order child-order row-order task-order
  section-order page-order card-order service-order manufacturing-order production-order job-order repair-order
  maintenance-order transfer-order lab-order medication-order fulfillment-order fulfilment-order pick-order
  assembly-order reading-order execution-order sequence-order`;

/** What is subscribed to is told of, not sold. */
export const TOLD_OF = `webhook event topic notification alert newsletter pubsub push feed rss sns stream websocket realtime
  eventbridge eventarc mailing callback`;

const SUBSCRIPTIONS =
  `${TOLD_OF} email graph calendar channel ws message queue log activity report dashboard query sms
  repository thread incident issue page change table resource`
    .split(/\s+/)
    .map((word) => `${word}-subscription`)
    .join(" ");

/** What is kept about payments, orders and the like. */
const RECORDS = `payment-method payment-term payment-config payment-link-setting payment-gateway payment-profile
  payment-reminder payment-option payment-setting payment-provider payment-template payment-category payment-note
  order-note order-tag order-status order-comment order-attribute order-metadata order-metafield order-attachment
  order-field order-type invoice-template invoice-note invoice-reminder invoice-attachment invoice-comment
  invoice-setting invoice-number invoice-sequence invoice-label invoice-tag refund-policy refund-reason
  subscription-note subscription-tag subscription-group subscription-preference subscription-filter
  subscription-template trade-note trade-journal trade-alert trade-idea transfer-list
  transfer-note transfer-rule file-transfer deposit-address donation-page donation-form donation-campaign
  checkout-setting checkout-profile checkout-branding checkout-field purchase-request purchase-requisition
  price-alert budget-alert billing-alert billing-address billing-contact transaction-category transaction-tag
  transaction-note transaction-group transaction-rule charge-note withdrawal-address swap-file swap-space`;

/** Adjustments that are none of accounts. */
const ADJUSTMENTS = `color-adjustment colour-adjustment image-adjustment inventory-adjustment stock-adjustment
  quantity-adjustment leave-adjustment time-adjustment schedule-adjustment exposure-adjustment bid-adjustment-rule`;

/** What only looks like money. Earlier lines win; these are asked before those of `money-phrases.ts`. */
export const MONEY_LOOKALIKES: readonly Phrase[] = [
  {
    verbs:
      "create add update set save make submit send post issue place modify renew activate change approve",
    objects: `${RECORDS} ${ORDERS} ${SUBSCRIPTIONS} ${ADJUSTMENTS}`,
    class: "write",
  },
  {
    verbs: "create make update send prepare save add",
    objects: `draft-order draft-invoice draft-payment invoice-draft order-draft quote-draft draft-transaction
      draft-purchase-order draft-bill sales-quote price-quote`,
    class: "write",
  },
  {
    verbs: "transfer",
    objects: `issue repository repo project ownership file call page domain chat image snapshot volume zone number
      phone-number owner admin role app team channel conversation contact lead deal ticket task card note record data
      session control call-leg participant object folder document workspace tenant organization organisation agent
      customer message license licence host student patient inventory stock item player device site bucket database
      table schema context lock leadership membership subscriber asset-ownership calendar event thread prompt
      knowledge style property variable caller lead-owner case account-ownership employee
      user booking shipment media skill model weight state focus crate cargo`,
    class: "write",
  },
  { verbs: "charge", objects: "point model data trend session-card", class: "read" },
  { verbs: "charge", objects: "battery device phone vehicle ev laptop", class: "execute" },
  {
    verbs: "swap order place reorder",
    objects: `material mesh texture layer item list variable slot asset word line column row model face block actor
      light object node sound prop device element card task step section chapter page tab field track marker pin
      piece shape window pane partition file key shift environment deployment-slot`,
    class: "write",
  },
  { verbs: "swap", objects: "rate price route memory usage history", class: "read" },
  { verbs: "fund", objects: "list data holding nav performance", class: "read" },
  { verbs: "exchange", objects: "rate currency-rate exchange-rate", class: "read" },
  { verbs: "spend", objects: "analysis report overview breakdown", class: "read" },
  {
    verbs: "withdraw",
    objects: `application consent proposal candidate submission review message nomination objection petition motion
      invitation pull-request request-change candidacy statement paper`,
    class: "write",
  },
  {
    verbs: "redeem",
    objects: "invite invitation invite-code license licence license-key activation-code magic-link",
    class: "write",
  },
  {
    verbs: "hire",
    objects: "employee candidate applicant staff staff-member intern",
    class: "write",
  },
  { verbs: "pledge gift", objects: "card-design message note", class: "write" },
  { verbs: "airdrop", objects: "file photo image document", class: "write" },
  {
    verbs: "adjust set update change increase decrease modify add",
    objects: `white-balance color-balance colour-balance load-balance stereo-balance tone-balance leave-balance
      vacation-balance pto-balance time-balance`,
    class: "write",
  },
  {
    verbs: "book",
    objects: "meeting-room conference-room meeting appointment demo slot desk",
    class: "write",
  },
  {
    verbs: "tip fund trade order invoice bid stake spend mint wire",
    objects: "calculator converter",
    class: "read",
  },
  {
    verbs: "issue",
    objects: "certificate ticket badge credential warning license licence receipt permit command",
    class: "write",
  },
  {
    verbs: "sign",
    objects: `message typed-data document agreement pdf envelope request payload url jwt file commit token csr
      certificate form petition cookie`,
    class: "write",
  },
  {
    verbs: "issue mint exchange send redeem approve transfer",
    objects: `access-token auth-token api-token refresh-token jwt-token session-token id-token bearer-token jwt doi
      api-key credential device-token push-token registration-token invite-token`,
    class: "write",
  },
  { verbs: "sum", objects: "*", class: "read" },
];
