import collectRentAndFees from "../../../docs/guides/collect-rent-and-fees.md" with { type: "text" };
import commandLine from "../../../docs/guides/command-line.md" with { type: "text" };
import console from "../../../docs/guides/console.md" with { type: "text" };
import deployDeno from "../../../docs/guides/deploy-deno.md" with { type: "text" };
import depositsAndInstalments from "../../../docs/guides/deposits-and-instalments.md" with { type: "text" };
import goLive from "../../../docs/guides/go-live.md" with { type: "text" };
import keysInsteadOfSecrets from "../../../docs/guides/keys-instead-of-secrets.md" with { type: "text" };
import outsideIssuers from "../../../docs/guides/outside-issuers.md" with { type: "text" };
import payOutSafely from "../../../docs/guides/pay-out-safely.md" with { type: "text" };
import paymentLinksAndReceipts from "../../../docs/guides/payment-links-and-receipts.md" with { type: "text" };
import plainHtml from "../../../docs/guides/plain-html.md" with { type: "text" };
import sandboxToProduction from "../../../docs/guides/sandbox-to-production.md" with { type: "text" };
import selfHost from "../../../docs/guides/self-host.md" with { type: "text" };
import takeAPayment from "../../../docs/guides/take-a-payment.md" with { type: "text" };
import webhooks from "../../../docs/guides/webhooks.md" with { type: "text" };
import woocommerce from "../../../docs/guides/woocommerce.md" with { type: "text" };

/** The Markdown of each guide by the name of its file, in the order in which people need them. */
export const guideTexts: readonly (readonly [name: string, text: string])[] = [
  ["take-a-payment", takeAPayment],
  ["webhooks", webhooks],
  ["payment-links-and-receipts", paymentLinksAndReceipts],
  ["deposits-and-instalments", depositsAndInstalments],
  ["collect-rent-and-fees", collectRentAndFees],
  ["pay-out-safely", payOutSafely],
  ["plain-html", plainHtml],
  ["woocommerce", woocommerce],
  ["sandbox-to-production", sandboxToProduction],
  ["go-live", goLive],
  ["keys-instead-of-secrets", keysInsteadOfSecrets],
  ["outside-issuers", outsideIssuers],
  ["console", console],
  ["command-line", commandLine],
  ["self-host", selfHost],
  ["deploy-deno", deployDeno],
];
