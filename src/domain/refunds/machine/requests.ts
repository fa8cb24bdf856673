import type { Refund, Request } from "./facts.ts";

/* The requests of a reversal, and what became of each. */

/** Whether the request was taken, or may have been, and no result has ended it. */
export const isOpen = ({ state }: Request): boolean =>
  state === "calling" || state === "unclear" || state === "accepted";

/** Whether a request is out whose answer is not stored: a call under way, or one that died with its process. */
export const isCalling = ({ requests }: Refund): boolean => requests.at(-1)?.state === "calling";

const withRequest = (refund: Refund, index: number, request: Request): Refund => ({
  ...refund,
  requests: refund.requests.map((old, i) => (i === index ? request : old)),
});

/** Adds the answer to request `n`. A result that came before the answer outranks it. */
export function withAnswer(
  refund: Refund,
  n: number,
  state: Request["state"],
  conversation: string | null = null,
): Refund {
  const old = refund.requests[n - 1];
  if (old === undefined) return refund;
  const open = old.state === "calling" || (old.state === "unclear" && state === "accepted");
  return withRequest(refund, n - 1, {
    ...old,
    state: open ? state : old.state,
    conversation: old.conversation ?? conversation,
  });
}

/**
 * The index of the request that a result is about; -1: none. It is the one with that conversation, else the first open
 * one whose conversation is not known, else the first open one: the callback URL belongs to this refund alone.
 */
function indexOfRequest(refund: Refund, conversation: string | null): number {
  const withSameId = refund.requests.findIndex((r) => conversation !== null && r.conversation === conversation);
  if (withSameId !== -1) return withSameId;
  const withoutId = refund.requests.findIndex((r) => r.conversation === null && isOpen(r));
  return withoutId !== -1 ? withoutId : refund.requests.findIndex(isOpen);
}

/** Sets what a notice says about a request. A result ends the request, and `paid` outranks every other result. */
export function withResult(refund: Refund, conversation: string | null, state: Request["state"], now: number): Refund {
  const index = indexOfRequest(refund, conversation);
  const old = refund.requests[index];
  if (old === undefined) return refund;
  const next = withRequest(refund, index, {
    ...old,
    state: isOpen(old) || state === "paid" ? state : old.state,
    conversation: old.conversation ?? conversation,
  });
  return { ...next, accepted_at: refund.accepted_at ?? now };
}

/** Whether M-Pesa said that the payment had been reversed before. Then its money has gone back, by us or by others. */
export const isReversedBefore = ({ requests }: Pick<Refund, "requests">): boolean =>
  requests.some(({ state }) => state === "already");

/**
 * Whether "already reversed" means that we did it. M-Pesa refuses to reverse a receipt twice. If it says so to one
 * request, while another one of ours has no clear answer and none is under way, then that other one did it. Otherwise
 * a person decides: somebody else reversed the payment, or we did so before a backup was restored.
 */
export function isReversedByUs({ requests }: Refund): boolean {
  return isReversedBefore({ requests }) && requests.some(({ state }) => state === "unclear") &&
    !requests.some(({ state }) => state === "accepted" || state === "calling");
}
