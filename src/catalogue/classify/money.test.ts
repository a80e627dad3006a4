import { describe, expect, it } from "vitest";
import { profileTool } from "../profile.ts";
import type { ToolClass } from "../verdict.ts";
import { VERB_GROUPS } from "./verb-table.ts";
import { MONEY_VERBS } from "./money-verbs.ts";
import { list } from "./words.ts";

// Money by family, and beside it what looks the same and moves none.

const classOf = (name: string, description: string, args = ""): ToolClass =>
  profileTool({
    name,
    ...(description === "" ? {} : { description }),
    inputSchema: {
      type: "object",
      properties: Object.fromEntries(
        list(args).map((arg) => {
          const [key = "", values] = arg.split("=");
          return [key, { type: "string", ...(values === undefined ? {} : { enum: values.split("/") }) }];
        }),
      ),
    },
  }).class;

describe("what moves, commits or gives back money is financial", () => {
  it.each([
    // Payments, by a verb or by a thing with one.
    ["refunds_create", "Creates a refund."],
    ["payments-capture", "Captures a payment that was authorised."],
    ["void_transaction", ""],
    ["reverse_transfer", "Reverses a transfer."],
    ["retry_payment", "Tries a failed payment again."],
    ["release_escrow", "Releases what is held to the seller."],
    ["generate_checkout_link", ""],
    ["issue_store_credit", "Issues store credit to a customer."],
    ["send_remittance", "Sends a remittance abroad."],
    ["initiate_wire_transfer", "Initiates a wire transfer."],
    ["collect_rent", "Collects the rent from a tenant."],
    ["record_payment", "Records a payment of an invoice."],
    ["apply_credit_note", "Applies a credit note to an invoice."],
    ["mark_invoice_paid", ""],
    ["order_mark_as_paid", "Marks an order as paid."],
    ["resend_invoice", "Sends an invoice once more."],
    ["bill_customer", "Bills a customer for what was used."],
    ["cash_out", "Cashes out the winnings."],
    ["create_direct_debit", ""],
    ["approve_reimbursement", "Approves a reimbursement."],
    ["preauthorize_card", "Holds an amount on a card."],
    // Balances.
    ["credit_account", "Credits an account."],
    ["wallet-credit-account", ""],
    ["deduct_balance", "Deducts from the balance of a user."],
    ["add_credits", "Adds credits to a team."],
    ["adjust_gift_card_balance", ""],
    ["ledger_post", "Posts a transaction whose sides balance.", "side=debit/credit amount account"],
    // Subscriptions and plans.
    ["renewSubscriptionV1", ""],
    ["activate_subscription", "Activates a trial."],
    ["reactivate_subscription", "Reactivates a subscription that has ended."],
    ["user_upgrade", "Upgrades the tier of a user."],
    ["switch_billing_plan", ""],
    ["change_seats", "Changes the seat count of a subscription."],
    ["configure_auto_topup", "Configures the automatic top-up."],
    ["enable_autopay", ""],
    ["gift_subscription", "Gifts a subscription to somebody."],
    ["renew_membership", "Renews a membership for a year."],
    // Names and numbers.
    ["domain_register", "Registers a name.", "domain years"],
    ["claim_free_domain_v2", "Claims a free domain."],
    ["provision_phone_number", "Provisions a number."],
    ["start_domain_transfer", "Starts the transfer of a domain to here."],
    // Trades and chains.
    ["submit_transaction", "Submits a signed transaction."],
    ["broadcast_user_operation", ""],
    ["burn_tokens", "Burns tokens."],
    ["restake_rewards", ""],
    ["undelegate_tokens", "Takes tokens back from a validator."],
    ["delegate_stake", "Delegates stake to a validator."],
    ["claim_staking_rewards", ""],
    ["supply_collateral", "Supplies collateral to a pool."],
    ["airdrop_tokens", "Airdrops tokens to holders."],
    ["send_usdc", "Sends USDC."],
    ["zap_note", "Zaps a note with sats."],
    ["open_lightning_channel", ""],
    ["rebalance_portfolio", "Brings a portfolio back to its targets by trades."],
    ["exercise_option", ""],
    ["set_stop_loss", "Sets the stop loss of a position."],
    ["replace_order", "Replaces an open order by another."],
    ["create_oco_order", ""],
    ["approve_spender", ""],
    // Advertisements.
    ["raise_keyword_bid", "Raises the bid of a keyword."],
    ["update_daily_budget", ""],
    // Travel, food, people.
    ["rebook_flight", "Books another flight instead."],
    ["reserve_hotel_room", ""],
    ["change_flight", "Changes a flight for a fee."],
    ["reorder_meal", "Orders the last meal again."],
    ["preorder_game", ""],
    ["submit_cart", "Submits the cart."],
    ["rent_scooter", ""],
    ["hire_freelancer", "Hires a freelancer."],
    ["pledge_support", "Pledges to a campaign."],
    ["sponsor_developer", ""],
    ["create_shipping_label", "Creates a label for a parcel."],
    ["fund_wallet", ""],
  ])("%s: %s", (name, description, args = "") => {
    expect(classOf(name, description, args)).toBe("financial");
  });
});

describe("texts and arguments tell of money", () => {
  it.each([
    ["activate_seat", "Activates a seat. The card is charged immediately.", "id"],
    ["resume_plan", "Resumes a plan. The provider bills for the plan immediately.", "id"],
    ["extend_stay", "Extends a stay. Results in an immediate charge.", "id"],
    ["accept_work", "Accepts the work and releases the payment to the worker.", "id"],
    ["fetch_paid", "Fetches a page. What it costs will be paid automatically.", "url method=GET/POST"],
    ["get_page", "Gets a page and automatically pays what it costs.", "url"],
    ["add_member", "Adds a member. What it costs is deducted from your balance.", "email"],
    ["set_state", "Marks an order as paid.", "id"],
    ["post_job", "Posts a job for people, who are paid for it.", "title budget_usd"],
    ["start_contest", "Creates a contest. The winner is paid.", "title prize"],
    ["ask_person", "Asks a person, who is paid for the answer.", "question budget_usd"],
    ["create_split", "Create a split. Create a revenue split for a shop.", "id"],
    ["post", "Posts something.", "amount recipient"],
    ["submit", "", "amount payment_method"],
    ["create_transaction", "Creates a transaction.", "customer_id price_id"],
    ["create_transaction", "Creates a transaction.", "chain_id to value"],
  ] as const)("%s: %s (%s)", (name, description, args) => {
    expect(classOf(name, description, args)).toBe("financial");
  });
});

describe("what only looks like money is not financial", () => {
  it.each([
    ["orders_notes_create", "Adds a note to an order.", "order note", "write"],
    ["add_payment_gateway", "Adds a gateway.", "name", "write"],
    ["create_subscription", "Creates a subscription to events.", "topic endpoint", "write"],
    ["create_subscription", "", "callback_url event_types", "write"],
    ["update_webhook_subscription", "Updates a subscription.", "id url", "write"],
    ["renew_subscription", "Renews a webhook subscription.", "id", "write"],
    ["create_transactions", "Adds entries to the books.", "amount payee category_id date", "write"],
    ["update_transaction", "Changes an entry.", "id amount category notes", "write"],
    ["create_expense", "Notes an expense.", "amount category", "write"],
    ["upsert_budget", "Sets the budget of a category.", "amount category", "write"],
    ["create_coupon", "Creates a coupon.", "code percent", "write"],
    ["create_price", "Creates a price of a product.", "amount currency product", "write"],
    ["create_customer", "Creates a customer.", "email", "write"],
    ["create_draft_order", "Creates a draft of an order.", "items", "write"],
    ["create_quote", "Creates a quote for a customer.", "customer amount", "write"],
    ["update_order", "Changes the address of an order.", "id address", "write"],
    ["create_work_order", "", "title", "write"],
    ["create_lab_order", "Creates a record of what the laboratory is to do.", "patient", "write"],
    ["pause_subscription", "Pauses a subscription.", "id", "write"],
    ["pause_plan", "Pauses a plan, so that the customer is never charged automatically.", "id", "write"],
    [
      "update_product",
      "Updates a product. When renewed, customers will be charged the new price.",
      "id price",
      "write",
    ],
    ["create_deal", "Creates a deal.", "title amount currency", "write"],
    ["create_goal", "Creates a goal with a budget.", "name budget_usd", "write"],
    ["add_to_cart", "Adds a product to the cart.", "product quantity", "write"],
    ["transfer_workspace", "Hands a workspace to another owner.", "id owner", "write"],
    ["transfer_patient", "", "id ward", "write"],
    ["withdraw_application", "Withdraws an application.", "id", "write"],
    ["redeem_invite", "Redeems an invitation.", "code", "write"],
    ["hire_candidate", "Moves a candidate to the hired.", "id", "write"],
    ["set_white_balance", "Sets the white balance of a camera.", "value", "write"],
    ["create_color_adjustment", "", "layer", "write"],
    ["swap_columns", "Swaps two columns.", "a b", "write"],
    ["reorder_slides", "Reorders slides.", "ids", "write"],
    ["book_meeting_room", "Books a meeting room.", "room", "write"],
    ["enable_auto_renewal", "Enables the renewal of a subscription.", "id", "write"],
    ["set_default_payment_method", "Sets which method is the default.", "id", "write"],
    ["list_adjustments", "Lists adjustments.", "action=refund/credit after limit", "read"],
    ["get_exchange_rate", "Gets the rate of two currencies.", "from to", "read"],
    ["exchange_rates", "", "", "read"],
    ["get_credits", "Gets how many credits are left.", "", "read"],
    ["credits", "Credits of a film.", "film", "read"],
    ["get_open_orders", "Gets the open orders.", "", "read"],
    ["search_flights", "Searches flights.", "from to budget", "read"],
    ["estimate_fee", "Estimates the fee of a transfer.", "amount to", "read"],
    ["convert_currency", "Converts an amount.", "amount from to", "read"],
    ["payers", "Lists subscribers who pay automatically.", "", "read"],
    ["ask_user", "Asks the user a question.", "question", "read"],
    ["swap_quote", "Gets a quote for a swap.", "amount from to", "read"],
    ["cancel_subscription", "Cancels a subscription.", "id", "destructive"],
    ["delete_payment_method", "Deletes a payment method.", "id", "destructive"],
  ] as const)("%s: %s", (name, description, args, is) => {
    expect(classOf(name, description, args)).toBe(is);
  });
});

describe("the verbs of money", () => {
  it("stand in one table only", () => {
    const verbs = [...VERB_GROUPS, ...MONEY_VERBS].flatMap((group) => list(group.verbs));
    expect(verbs.filter((verb, at) => verbs.indexOf(verb) !== at)).toEqual([]);
  });
});
