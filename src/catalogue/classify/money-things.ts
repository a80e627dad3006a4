/** Money and what stands for it. */
export const MONEY = `money fund fiat cash crypto cryptocurrency eth ether btc bitcoin sol usdc usdt dai busd usd eur weth wbtc
  lamport sat satoshi coin nft erc20 erc721 erc1155 erc-20 spl-token stablecoin native-token native-coin
  native-currency payment token currency balance gift-card zap xrp matic bnb wei gwei tip payout remittance ecash
  credit-balance airtime`;

/** What is money only where it is sent to somebody. */
export const SENT = `wire ach keysend avax ada dot atom trx ltc doge near apt sui xlm hbar pol sbtc stx asset wallet
  digital-asset stock-share`;

/** Making one of these commits money. */
export const COMMITS = `payment charge refund payout transfer invoice order payment-link checkout checkout-session
  payment-intent bid bet trade purchase subscription payment-request swap withdrawal deposit buy-order sell-order
  limit-order market-order stop-order bracket-order credit-note donation wager invoice-item invoice-line-item
  purchase-order trade-order billing-agreement batch-payout escrow cross-border-payment p2p-payment stake auction-bid
  money-transfer bank-transfer bank-transaction setup-fee reservation-payment ad-campaign-budget payment-order
  standing-order direct-debit remittance bill-payment wire-transfer ach-transfer sepa-transfer pix boleto
  stk-push disbursement reimbursement advance gratuity sale preorder gift-card gift-certificate store-credit
  virtual-card-funding balance-adjustment credit-adjustment account-adjustment balance-transaction usage-charge
  application-charge recurring-charge one-time-charge app-subscription topup top-up withdrawal-request redemption
  currency-conversion oco-order trailing-stop take-profit stop-loss grid-bot dca-bot recurring-buy
  recurring-investment investment liquidity-position perp-position leverage-position nft-listing
  flight-booking hotel-booking car-booking ticket-booking ride food-order meal-order grocery-order pizza-order
  shipping-label postage adjustment revenue-split payment-split payout-split bounty airdrop chargeback rebate
  cash-out cashout premium-upgrade tax-payment loan-payment rent-payment installment money-order crypto-order
  market-buy market-sell liquidation balance-transfer funds-transfer fund-transfer internal-transfer paid-order
  autopay auto-pay renewal-order usage-invoice payroll payroll-run refund-receipt sales-receipt
  wallet-transaction credit-transaction settlement instant-settlement flash-loan checkout-page hosted-checkout payment-page trading-bot dca pool-position`;

/** What pays by itself from then on. */
export const AUTOMATIC = `auto-refill auto-topup auto-recharge auto-reload autopay auto-pay auto-buy auto-invest
  automatic-payment automatic-refill recurring-payment recurring-investment recurring-transfer`;

/** What is owned of somebody. An account of one's own books is set to what it is; these are given and taken. */
export const BALANCES = `wallet-balance credit-balance customer-balance user-balance gift-card-balance card-balance store-credit
  token-balance account-credit customer-credit user-credit credit`;
