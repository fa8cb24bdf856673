import type { Seen } from "../seen.ts";
import type { Out } from "../truth.ts";
import { checkoutOf, isLeftByHand, kes, type Played, transferOf, type Violation } from "./violation.ts";

/** The ledger holds what M-Pesa holds, its own check finds nothing, and events tell what is so. */
export function books(played: Played): Violation[] {
  return [
    ...played.seen.flatMap((own) => [...ledger(played, own), ...events(played, own)]),
    ...played.failures.map((text): Violation => ({ rule: "service_failed", about: "service", text })),
  ];
}

function ledger(played: Played, own: Seen): Violation[] {
  const { truth } = played;
  const found: Violation[] = [];
  for (const place of truth.places.filter(({ merchant }) => merchant === own.merchant)) {
    const till = place.index % 2 === 1;
    const sum = (list: readonly { amount: number }[]) => list.reduce((total, { amount }) => total + amount, 0);
    const held = sum(truth.transfers.filter((t) => t.place === place)) -
      sum(truth.outs.filter((out) => out.place === place && out.done));
    const said = own.utility.get(place.number) ?? 0;
    // What only an upload claims may stand in the books until Daraja contradicts it for this merchant.
    const claimed = sum(
      own.payments.filter((p) =>
        p.shortcode === place.number && transferOf(truth, p.receipt)?.place !== place &&
        truth.claims.some((claim) => claim.receipt === p.receipt && claim.place === place)
      ),
    );
    const left = sum(own.payments.filter((p) => p.shortcode === place.number && isLeftByHand(played, p)));
    if (said === held + left || said === held + claimed + left) continue;
    const text = `the ledger holds ${kes(said)} at ${place.merchant.name}'s ${till ? "till" : "paybill"}, and M-Pesa ${
      kes(held)
    }`;
    found.push({ rule: "ledger_differs", about: `${place.merchant.name}${place.index}`, text, till });
  }
  // Where more went back than was paid, the check must say so; otherwise it must find nothing.
  const isOver = own.payments.some(({ id, amount, amount_taken_back: taken }) =>
    own.refunds.filter((r) => r.payment === id && r.status === "succeeded").reduce((sum, r) => sum + r.amount, taken) >
      amount
  );
  const kinds = own.ledgerFindings.map(({ kind }) => kind);
  if (isOver && !kinds.includes("over_refunded")) {
    const text = "its own check does not say that more went back than was paid";
    found.push({ rule: "ledger_differs", about: own.merchant.name, text });
  }
  const wrong = kinds.filter((kind) => !mayTell(kind, { truth, own, isOver }));
  if (wrong.length > 0) {
    found.push({ rule: "ledger_differs", about: own.merchant.name, text: `its own check finds: ${wrong.join(", ")}` });
  }
  return found;
}

/** What the service's own check must say, or may: that something went back too often, or that somebody contradicts. */
function mayTell(
  kind: string,
  { truth, own, isOver }: { truth: Played["truth"]; own: Seen; isOver: boolean },
): boolean {
  switch (kind) {
    case "over_refunded":
      return isOver;
    case "over_promised":
    case "out_contradicted":
      return truth.outs.some(({ isForeign }) => isForeign) || truth.outs.some(({ denied }) => denied) ||
        truth.deeds.some((deed) => deed.kind === "resolve");
    case "missing_at_mpesa":
    case "differs_at_mpesa": // an upload that is not this place's statement
      return truth.claims.some(({ place }) => place.merchant === own.merchant);
    default:
      return false;
  }
}

const ENDS = ["refund.succeeded", "payout.succeeded", "payment.received", "payment.taken_back"];
/** What may be told again: it ends nothing. */
const NEWS = ["checkout.attempt_failed", "checkout.part_received", "checkout.updated"];

/** What ended is told once. A checkout may leave success again, which is told too. */
function events(played: Played, own: Seen): Violation[] {
  const found: Violation[] = [];
  const last = new Map<string, string>();
  for (const event of own.events) {
    const { id } = event.data;
    if (event.type === "checkout.succeeded") {
      found.push(...success(played, own, event), ...beforeMoney(played, own, event));
    }
    const ends = event.type.startsWith("checkout.") || ENDS.includes(event.type);
    if (!ends || NEWS.includes(event.type)) continue;
    if (last.get(id) === event.type) {
      const label = checkoutOf(played.truth, id)?.label ?? event.type;
      found.push({ rule: "repeated_event", about: label, text: `${event.type} was told twice` });
    }
    last.set(id, event.type);
  }
  return found;
}

/** At the moment of the event the checkout holds its money: amounts less what was given or promised back until then. */
function success({ truth, graceMs, clocksMs }: Played, own: Seen, event: Seen["events"][number]): Violation[] {
  const checkout = checkoutOf(truth, event.data.id);
  if (checkout === undefined) return [];
  const at = Date.parse(event.created_at);
  const money = own.payments.filter((p) => p.checkout === checkout.id && Date.parse(p.created_at) <= at + clocksMs);
  const promised = (payment: string): number =>
    own.refunds.filter((r) => r.payment === payment && Date.parse(r.created_at) < at - clocksMs)
      .filter(({ id }) => !isCalledFailed(own, id, at + clocksMs))
      .reduce((total, { amount }) => total + amount, 0);
  const counted = money.filter(({ status }) => status === "matched" || status === "refunded");
  const back = counted.filter(({ id }) => promised(id) > 0);
  if (back.length === 0) return [];
  const held = counted.reduce((total, { id, amount }) => total + amount - promised(id), 0);
  const byHand = truth.deeds.some((deed) =>
    deed.kind === "match" && deed.checkout === checkout.id && Math.abs(deed.at - at) <= graceMs + clocksMs
  );
  // a person who matches what is left of a payment calls it enough, whatever was asked; nothing is never enough
  if ((byHand ? held > 0 : held >= checkout.amount) || isGivenParts(truth, own, checkout.id)) return [];
  if (isRevoked(own, event)) return []; // it held money that has proven to be another's since
  const text = `checkout.succeeded was told of ${checkout.label}, which held ${kes(held)} of ${kes(checkout.amount)}`;
  return [{ rule: "false_success_event", about: checkout.label, text, till: checkout.place.index % 2 === 1 }];
}

/** Whether the shop was told later that the checkout needs a person after all. */
const isRevoked = (own: Seen, { data: { id, version } }: Seen["events"][number]): boolean =>
  own.events.some(({ data }) => data.id === id && data.version > version && data.status === "review");

/** Whether a person or an account has given it parts of other money, which may have left it since. */
const isGivenParts = (truth: Played["truth"], { accounts }: Seen, checkout: string): boolean =>
  truth.deeds.some(({ places }) => places?.includes(checkout)) || accounts.some(({ applied }) => applied.has(checkout));

/** Whether the last that was told of a refund by then is that it failed; later news may say that it did not. */
function isCalledFailed(own: Seen, refund: string, at: number): boolean {
  const told = own.events.filter((e) => e.type.startsWith("refund.") && e.data.id === refund)
    .filter((e) => Date.parse(e.created_at) <= at);
  return told.at(-1)?.type === "refund.failed";
}

const isListed = ({ listedAt }: Out, at: number): boolean => listedAt !== null && listedAt < at;

/**
 * No more is called paid at a paybill or till than had reached it by then, whatever it is counted for. A checkout that was
 * told as paid and has been reopened since is not called paid.
 */
function beforeMoney(played: Played, own: Seen, event: Seen["events"][number]): Violation[] {
  const { truth, graceMs, clocksMs } = played;
  const checkout = checkoutOf(truth, event.data.id);
  if (checkout === undefined) return [];
  const at = event.created_at;
  const sum = (list: readonly { amount: number }[]) => list.reduce((total, { amount }) => total + amount, 0);
  const before = own.events.slice(0, own.events.indexOf(event) + 1).filter((e) => e.type.startsWith("checkout."));
  const lastOf = new Map(before.filter((e) => !NEWS.includes(e.type)).map((e) => [e.data.id, e.type]));
  const paid = new Set([...lastOf].flatMap(([id, type]) => (type === "checkout.succeeded" ? [id] : [])));
  const byHand = (id: string) =>
    truth.deeds.some((deed) => (deed.kind === "match" && deed.checkout === id) || deed.places?.includes(id));
  const asked = sum(truth.checkouts.filter((c) => c.place === checkout.place && paid.has(c.id) && !byHand(c.id)));
  const arrived = sum(truth.transfers.filter((t) => t.place === checkout.place && t.at <= Date.parse(at) + clocksMs)) +
    sum(truth.claims.filter((claim) => claim.place === checkout.place)) +
    sum(own.payments.filter((p) => p.shortcode === checkout.place.number && isLeftByHand(played, p))) -
    sum(truth.outs.filter((o) => o.isForeign && o.place === checkout.place && isListed(o, Date.parse(at) - graceMs)));
  if (asked <= arrived) return [];
  const text = `when ${checkout.label} was told as succeeded, ${kes(asked)} were called paid, and ${
    kes(arrived)
  } had arrived`;
  return [{ rule: "false_success_event", about: checkout.label, text, till: checkout.place.index % 2 === 1 }];
}
