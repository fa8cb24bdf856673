import type { Services } from "../../context/context.ts";
import { describeFailure } from "../../daraja/codes.ts";
import { securityCredential } from "../../daraja/credential.ts";
import type { StkQueryOutcome } from "../../daraja/daraja.ts";
import type { Finding } from "./contract.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { objectionToUrl } from "./urls.ts";

const passed = (check: Finding["check"], detail: string): Finding => ({ check, ok: true, detail, remedy: null });
const failed = (check: Finding["check"], detail: string, remedy: string): Finding => ({
  check,
  ok: false,
  detail,
  remedy,
});
const undecided = (check: Finding["check"], detail: string, remedy: string | null): Finding => ({
  check,
  ok: null,
  detail,
  remedy,
});

/** Checks all that can be checked of a shortcode without moving money or prompting a phone. */
export async function runChecks(services: Services, shortcode: Shortcode): Promise<Finding[]> {
  const token = await checkToken(services, shortcode);
  return [
    checkNumbers(shortcode),
    token,
    token.ok === true
      ? await checkPasskey(services, shortcode)
      : undecided("passkey", "Not tried, since Daraja gave no token.", null),
    await checkCredential(shortcode),
    checkUrls(services, shortcode),
    checkPull(shortcode),
  ];
}

function checkNumbers({ kind, number, storeNumber }: Shortcode): Finding {
  return passed(
    "numbers",
    kind === "paybill"
      ? `Paybill ${number}: customers type it, and Daraja knows it by the same number.`
      : `Till ${number}, which customers type; Daraja knows its store by ${storeNumber}.`,
  );
}

/** Whether Daraja gives a token for the app. */
export async function checkToken(services: Services, { app }: Shortcode): Promise<Finding> {
  const answer = await services.daraja.authenticate(app);
  if (answer.outcome === "accepted") return passed("token", "Daraja gave a token for the app's key and secret.");
  if (answer.outcome === "rejected") {
    const { message, advice } = describeFailure(answer.code);
    return failed("token", message, advice);
  }
  return undecided("token", "Daraja could not be reached.", "Check DARAJA_BASE_URL and the network, then try again.");
}

/** Queries a push that does not exist. Daraja checks the number and the passkey before it looks for the push (daraja.md section 3). */
export async function checkPasskey(services: Services, shortcode: Shortcode): Promise<Finding> {
  const business = shortcode.storeNumber ?? shortcode.number;
  const outcome = await services.daraja.stkQuery(shortcode.app, {
    businessShortcode: business,
    passkey: shortcode.credentials.passkey,
    checkoutRequestId: "ws_CO_010120260000000000000000000",
  });
  return passkeyFinding(shortcode, outcome, business);
}

const SWAPPED_NUMBERS_HINT =
  "For a till, store_number must be the store (head office) number and number the till number: " +
  "if they are swapped, remove the till and add it again.";

function passkeyFinding({ kind }: Shortcode, outcome: StkQueryOutcome, business: string): Finding {
  const reason = outcome.kind === "pending" ? outcome.reason : "answered";
  switch (reason) {
    case "refused":
      return failed(
        "passkey",
        `Daraja refuses ${business} with this passkey.`,
        "Copy the passkey of Lipa na M-Pesa Online for this number again, and see that the app belongs to it." +
          (kind === "till" ? ` ${SWAPPED_NUMBERS_HINT}` : ""),
      );
    case "credentials_rejected":
      return failed(
        "passkey",
        "Daraja does not let this app ask about prompts.",
        "Add the product Lipa na M-Pesa (M-Pesa Express) to the app in the Daraja portal.",
      );
    case "rate_limited":
    case "unreachable":
    case "server_error":
    case "unreadable_answer":
      return undecided("passkey", "Daraja gave no clear answer just now.", "Try again in a minute.");
    default:
      return passed("passkey", `Daraja takes ${business} with this passkey.`);
  }
}

async function checkCredential({ credentials }: Shortcode): Promise<Finding> {
  const check = "security_credential";
  const { initiator_name: name, initiator_password: password, certificate, security_credential: ready } = credentials;
  if (name === undefined && password === undefined && ready === undefined) {
    return undecided(check, "No initiator is set: payouts, refunds and balances are not possible.", null);
  }
  if (name === undefined) {
    return failed(
      check,
      "The initiator has no name.",
      "Set initiator_name: the API operator's name in the M-Pesa portal.",
    );
  }
  if (ready !== undefined) {
    return undecided(check, "A ready-made credential is set; only a real request can prove it.", null);
  }
  if (password === undefined) {
    return failed(
      check,
      "The initiator has no password.",
      "Set initiator_password, or a ready-made security_credential.",
    );
  }
  if (certificate === undefined) {
    return failed(
      check,
      "There is no certificate to encrypt the initiator's password with.",
      "Set certificate to Safaricom's of this environment, or a security_credential made in the Daraja portal.",
    );
  }
  try {
    await securityCredential(password, certificate);
    return passed(check, `The password of ${name} can be encrypted. It expires 90 days after it was set.`);
  } catch {
    return failed(
      check,
      "The certificate does not encrypt the password.",
      "Paste Safaricom's certificate whole, in PEM.",
    );
  }
}

function checkUrls({ config }: Services, { row }: Shortcode): Finding {
  const origin = config.server.publicUrl;
  const objection = config.daraja.simulated ? null : objectionToUrl(origin);
  if (objection !== null) {
    return failed(
      "urls",
      `Daraja will not call ${origin}: ${objection}.`,
      "Set PUBLIC_URL to the https origin at which this service is reached from outside.",
    );
  }
  if (row.urls_registered_at === null) {
    return undecided(
      "urls",
      "The addresses for customers' own payments have not been registered through us.",
      "POST /v1/shortcodes/{id}/register-urls. If they were registered by hand, nothing is to be done.",
    );
  }
  return passed("urls", `Daraja can call ${origin}; its C2B addresses are registered.`);
}

function checkPull({ pullPhone, row }: Shortcode): Finding {
  if (pullPhone === null) {
    return undecided(
      "pull",
      "Payments are not pulled, so a confirmation that is lost stays lost.",
      "Set nominated_number, once Safaricom has switched Pull Transactions on for the app.",
    );
  }
  if (row.pull_registered_at === null) {
    return undecided("pull", "Not registered for pulling yet; the next reconciliation does it.", null);
  }
  return passed("pull", "Registered for pulling.");
}
