import type { Agenda } from "./agenda.ts";
import type { Answer, Api } from "./api.ts";
import {
  type AccountPlan,
  type CheckoutPlan,
  type History,
  KEPT_WITHIN,
  type PayoutPlan,
  type PromptPlan,
  type Telling,
  type WalkIn,
} from "./history.ts";
import type { Mpesa } from "./mpesa.ts";
import { confirmation, stkCallback } from "./notices.ts";
import { act } from "./people.ts";
import type { Checkout, Payout, Prompt, Transfer, Truth } from "./truth.ts";

/** All that a history is played on. */
export interface Stage {
  readonly api: Api;
  readonly agenda: Agenda;
  readonly mpesa: Mpesa;
  readonly truth: Truth;
  /** Posts a message to one of the service's own addresses. Answers whether it was taken. */
  readonly post: (url: string, body: string) => Promise<boolean>;
}

const SECOND_MS = 1_000;
/** Later than the last poll of any plan, and than any notice. */
const AFTER_ALL_S = 5_200;

/** Plays a history from its first step to the last. */
export async function play(stage: Stage, history: History): Promise<void> {
  const { agenda } = stage;
  const start = agenda.now();
  const at = (seconds: number): number => start + seconds * SECOND_MS;
  history.accounts?.forEach((plan, i) => agenda.add(at(plan.at), () => createAccount(stage, plan, `A${i + 1}`)));
  history.checkouts.forEach((plan, i) => {
    agenda.add(at(plan.at), () => createCheckout(stage, plan, `C${i + 1}`));
  });
  history.walkIns.forEach((plan, i) => agenda.add(at(plan.at), () => walkIn(stage, plan, `W${i + 1}`)));
  history.payouts?.forEach((plan, i) => agenda.add(at(plan.at), () => payOut(stage, plan, `O${i + 1}`)));
  for (const action of history.people) agenda.add(at(action.at), () => act(stage, action));
  // Told twice, queries must have had their chance to answer at the same moments.
  if (history.reorder !== null) agenda.add(at(AFTER_ALL_S), () => Promise.resolve());
  await agenda.run();
}

/** Two accounts of one paybill can't have one name: then there is only the first. */
async function createAccount({ truth, api }: Stage, plan: AccountPlan, label: string): Promise<void> {
  const place = truth.place(plan.place);
  const { status, body } = await api.call(place.merchant.client, "POST", "/v1/accounts", {
    account_reference: plan.account,
    name: label,
    shortcode: place.number,
    apply: plan.apply,
  });
  if (status === 201) truth.accounts.push({ label, id: body.id, place, account: plan.account });
  else must({ status, body }, 409);
}

async function createCheckout(stage: Stage, plan: CheckoutPlan, label: string): Promise<void> {
  const { truth, agenda } = stage;
  const place = truth.place(plan.place);
  const now = agenda.now();
  const checkout: Checkout = {
    label,
    id: "",
    place,
    amount: plan.amount * 100,
    account: plan.account,
    at: now,
    overpayment: plan.overpayment,
    split: plan.split === true,
    cancelled: false,
  };
  truth.checkouts.push(checkout);
  const first = plan.prompts.find(({ after }) => after === 0);
  const prompted = first === undefined ? null : newPrompt(stage, checkout, first, `${label}.1`);
  const answer = await stage.api.call(place.merchant.client, "POST", "/v1/checkouts", {
    amount: plan.amount * 100,
    currency: "KES",
    reference: label,
    account_reference: plan.account,
    shortcode: place.number,
    expires_in: plan.expiresIn,
    ...(plan.overpayment === undefined ? {} : { overpayment: plan.overpayment }),
    ...(plan.overpayment === "keep_within" ? { overpayment_within: KEPT_WITHIN * 100 } : {}),
    ...(plan.split === undefined ? {} : { split: true }),
    ...(prompted === null ? {} : { phone_number: `+${prompted.phone}` }),
  });
  must(answer, 201);
  checkout.id = answer.body.id;
  plan.prompts.forEach((prompt, i) => {
    if (prompt === first) return;
    agenda.add(now + prompt.after * SECOND_MS, () => promptAgain(stage, checkout, prompt, `${label}.${i + 1}`));
  });
}

function newPrompt(stage: Stage, checkout: Checkout, plan: PromptPlan, label: string): Prompt {
  const { truth, mpesa, agenda } = stage;
  const prompt: Prompt = {
    label,
    plan,
    checkout,
    phone: truth.phone(),
    at: agenda.now(),
    request: null,
    asked: 0,
    outcome: "none",
    transfer: null,
    contradicted: false,
    denied: false,
    answerLost: false,
  };
  mpesa.expect(prompt, () => sent(stage, prompt));
  return prompt;
}

async function promptAgain(stage: Stage, checkout: Checkout, plan: PromptPlan, label: string): Promise<void> {
  const { client } = checkout.place.merchant;
  const { body: before } = await stage.api.call(client, "GET", `/v1/checkouts/${checkout.id}`);
  const prompt = newPrompt(stage, checkout, plan, label);
  const { status } = await stage.api.call(
    client,
    "POST",
    `/v1/checkouts/${checkout.id}/attempts`,
    { phone_number: `+${prompt.phone}` },
  );
  const isRight = checkout.split ? prompt.asked <= before.amount_due : prompt.asked === before.amount_due;
  if (status === 201 && prompt.asked !== 0 && !isRight) {
    const text = `${label} asks KES ${prompt.asked / 100}, and KES ${before.amount_due / 100} was due`;
    stage.truth.notes.push({ rule: "asked_otherwise", about: label, text });
  }
  if (status !== 201) stage.mpesa.forget(prompt); // the checkout takes no more prompts: allowed at any time
}

/** The push has come to M-Pesa, which takes it or loses it. */
function sent(stage: Stage, prompt: Prompt): void {
  stage.truth.prompts.push(prompt);
  const { customer, answers, told } = prompt.plan;
  if (prompt.request === null || customer === "ignores") return;
  const at = prompt.at + answers * SECOND_MS;
  stage.agenda.add(at, () => {
    prompt.outcome = customer === "pays" ? "paid" : "cancelled";
    if (customer === "pays") prompt.transfer = newTransfer(stage, prompt);
    for (const telling of told) {
      if (customer === "cancels" && telling.by === "confirmation") continue;
      stage.agenda.add(at + telling.after * SECOND_MS, () => tell(stage, prompt.transfer, prompt, telling));
    }
    return Promise.resolve();
  });
}

function newTransfer({ truth, agenda }: Stage, prompt: Prompt): Transfer {
  const { checkout } = prompt;
  const till = checkout.place.index % 2 === 1;
  const transfer: Transfer = {
    label: prompt.label,
    receipt: truth.receipt(),
    place: checkout.place,
    amount: prompt.asked,
    phone: prompt.phone,
    account: till ? null : checkout.account,
    at: agenda.now(),
    prompt,
    told: new Set(),
  };
  truth.transfers.push(transfer);
  return transfer;
}

async function payOut({ truth, api }: Stage, plan: PayoutPlan, label: string): Promise<void> {
  const place = truth.place(plan.place);
  const payout: Payout = { label, place, phone: truth.phone(), amount: plan.amount * 100, id: "" };
  truth.payouts.push(payout);
  const answer = await api.call(place.merchant.client, "POST", "/v1/payouts", {
    amount: payout.amount,
    currency: "KES",
    phone_number: `+${payout.phone}`,
    reference: label,
    purpose: "business",
    shortcode: place.number,
  });
  must(answer, 202);
  payout.id = answer.body.id;
}

function walkIn(stage: Stage, plan: WalkIn, label: string): Promise<void> {
  const { truth, agenda } = stage;
  const now = agenda.now();
  const transfer: Transfer = {
    label,
    receipt: truth.receipt(),
    place: truth.place(plan.place),
    amount: plan.amount * 100,
    phone: truth.phone(),
    account: plan.place % 2 === 1 ? null : plan.typed,
    at: now,
    prompt: null,
    told: new Set(),
  };
  truth.transfers.push(transfer);
  for (const telling of plan.told) {
    agenda.add(now + telling.after * SECOND_MS, () => tell(stage, transfer, null, telling));
  }
  return Promise.resolve();
}

/** One source says what it knows. */
async function tell(stage: Stage, transfer: Transfer | null, prompt: Prompt | null, telling: Telling): Promise<void> {
  if (telling.by === "callback" && prompt?.request) {
    const isTaken = await stage.post(prompt.request.callbackUrl, stkCallback(prompt, telling.form));
    if (telling.form === "other_amount" && transfer !== null) prompt.contradicted = true;
    if (telling.form === "whole" && isTaken) transfer?.told.add("callback");
    return;
  }
  if (transfer === null || telling.by !== "confirmation") return;
  transfer.told.add("confirmation");
  await stage.post(
    stage.api.world.address("c2b_confirmation", transfer.place.id),
    confirmation(transfer, telling.form),
  );
}

export function must({ status, body }: Answer, expected: number): void {
  if (status !== expected) throw new Error(`expected ${expected}: ${status} ${JSON.stringify(body)}`);
}
