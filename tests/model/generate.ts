import fc from "fast-check";
import type {
  AccountPlan,
  Action,
  CheckoutPlan,
  History,
  OutFate,
  Part,
  PlaceIndex,
  PromptPlan,
  Telling,
  WalkIn,
} from "./history.ts";

/** Few values, so that histories often meet: equal amounts, one account, one moment. The first is the simplest. */
const places = fc.oneof(
  { withCrossShrink: true },
  { weight: 5, arbitrary: fc.constant<PlaceIndex>(0) },
  { weight: 3, arbitrary: fc.constant<PlaceIndex>(1) },
  { weight: 2, arbitrary: fc.constant<PlaceIndex>(2) },
  { weight: 1, arbitrary: fc.constant<PlaceIndex>(3) },
);
const amounts = fc.oneof(
  { withCrossShrink: true },
  { weight: 6, arbitrary: fc.constant(1500) },
  { weight: 2, arbitrary: fc.constant(1000) },
  { weight: 2, arbitrary: fc.constant(500) },
  { weight: 1, arbitrary: fc.constant(2500) },
);
const accounts = fc.oneof(
  { withCrossShrink: true },
  { weight: 5, arbitrary: fc.constant("ROOM5") },
  { weight: 2, arbitrary: fc.constant("12/3") },
  { weight: 2, arbitrary: fc.constant("1/23") },
  { weight: 1, arbitrary: fc.constant("INV-7") },
);
const typed = fc.oneof({ withCrossShrink: true }, { weight: 4, arbitrary: accounts }, {
  weight: 1,
  arbitrary: fc.constant("room 5"),
}, { weight: 1, arbitrary: fc.constant("nobody") });
/** The plan of queries looks at 20, 50 and 110 s, and at 4 and 9 min, so these lie around them. */
const soon = fc.constantFrom(0, 2, 10, 30, 70, 130);
const wait = fc.constantFrom(0, 2, 10, 30, 70, 130, 300, 700, 1500, 2500);

const telling = (by: readonly Telling["by"][], forms: readonly Telling["form"][]): fc.Arbitrary<Telling> =>
  fc.record({ by: fc.constantFrom(...by), after: wait, form: fc.constantFrom(...forms) });

const promptTellings = fc.array(
  fc.oneof({ withCrossShrink: true }, { weight: 8, arbitrary: telling(["callback", "confirmation"], ["whole"]) }, {
    weight: 1,
    arbitrary: telling(["callback"], ["bare", "other_amount"]),
  }),
  { maxLength: 3 },
);

const prompt: fc.Arbitrary<PromptPlan> = fc.record({
  after: soon,
  answer: fc.oneof({ withCrossShrink: true }, { weight: 8, arbitrary: fc.constant<PromptPlan["answer"]>("accepted") }, {
    weight: 1,
    arbitrary: fc.constantFrom<PromptPlan["answer"]>("lost", "lost_untaken"),
  }),
  customer: fc.oneof({ withCrossShrink: true }, { weight: 8, arbitrary: fc.constant<PromptPlan["customer"]>("pays") }, {
    weight: 1,
    arbitrary: fc.constantFrom<PromptPlan["customer"]>("cancels", "ignores"),
  }),
  answers: soon,
  query: fc.oneof({ withCrossShrink: true }, { weight: 3, arbitrary: fc.constant<PromptPlan["query"]>("truth") }, {
    weight: 2,
    arbitrary: fc.constant<PromptPlan["query"]>("nothing"),
  }, { weight: 1, arbitrary: fc.constant<PromptPlan["query"]>("denies") }),
  told: promptTellings,
});

const checkout: fc.Arbitrary<CheckoutPlan> = fc.record({
  place: places,
  amount: amounts,
  account: accounts,
  at: soon,
  expiresIn: fc.constantFrom(1800, 1800, 60),
  prompts: fc.oneof({ withCrossShrink: true }, { weight: 1, arbitrary: fc.constant([]) }, {
    weight: 4,
    arbitrary: fc.tuple(prompt),
  }, { weight: 1, arbitrary: fc.tuple(prompt, prompt) }),
});

const walkIn: fc.Arbitrary<WalkIn> = fc.record({
  place: places,
  amount: amounts,
  typed,
  at: wait,
  told: fc.array(telling(["confirmation"], ["whole", "clear"]), { maxLength: 2 }),
});

const merchant = fc.oneof({ withCrossShrink: true }, { weight: 3, arbitrary: fc.constant<"X" | "Y">("X") }, {
  weight: 1,
  arbitrary: fc.constant<"X" | "Y">("Y"),
});
/** People come when there is something to act on, and mostly mean the first payment. */
const later = fc.constantFrom(300, 10, 30, 70, 130, 700, 1500, 2500);
const pick = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) });
const when = { at: later, merchant };

const refund = fc.record<Action & { do: "refund" }>({
  ...when,
  do: fc.constant("refund" as const),
  payment: pick,
  method: fc.constantFrom("reversal" as const, "payout" as const),
  amount: fc.constantFrom(null, null, 300, 600),
});
/** Somebody who hears that a refund failed tries again. */
const refundAgain: fc.Arbitrary<Action[]> = fc.tuple(refund, refund, fc.constantFrom(30, 130)).map(([a, b, gap]) => [
  a,
  { ...b, merchant: a.merchant, payment: a.payment, at: a.at + gap },
]);
const importing: fc.Arbitrary<Action> = fc.record({
  ...when,
  do: fc.constant("import" as const),
  till: fc.boolean(),
  of: places,
  amount: fc.constantFrom(null, null, 1),
});

const action: fc.Arbitrary<Action> = fc.oneof(
  { withCrossShrink: true },
  { weight: 5, arbitrary: refund },
  {
    weight: 3,
    arbitrary: fc.record({ ...when, do: fc.constant("match" as const), payment: pick, checkout: pick }),
  },
  { weight: 2, arbitrary: fc.record({ ...when, do: fc.constant("pull" as const), till: fc.boolean() }) },
  { weight: 2, arbitrary: importing },
  { weight: 2, arbitrary: fc.record({ ...when, do: fc.constant("take_back" as const), transfer: pick }) },
  { weight: 2, arbitrary: fc.record({ ...when, do: fc.constant("cancel" as const), checkout: pick }) },
  { weight: 1, arbitrary: fc.record({ ...when, do: fc.constant("refresh" as const), checkout: pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      ...when,
      do: fc.constant("resolve" as const),
      refund: pick,
      outcome: fc.constantFrom("succeeded" as const, "failed" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ ...when, do: fc.constantFrom("approve" as const, "pause" as const, "resume" as const) }),
  },
);

const outFates = fc.array(
  fc.oneof({ withCrossShrink: true }, { weight: 3, arbitrary: fc.constant<OutFate>("done") }, {
    weight: 3,
    arbitrary: fc.constantFrom<OutFate>("result_lost", "lost", "slow", "failed", "failed_first"),
  }),
  { maxLength: 3 },
);

const people: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof({ weight: 6, arbitrary: fc.tuple(action) }, { weight: 1, arbitrary: refundAgain }),
  { maxLength: 4 },
).map((groups) => groups.flat());

/** What most of a history's checkouts and customers have in common. */
const theme = fc.record({ place: places, amount: amounts, account: accounts });
const themed = <T>(one: fc.Arbitrary<T>) => fc.record({ one, inTheme: fc.constantFrom(true, true, false) });
/** Who pays by hand pays all, or a part that others add up with. */
const PART = 500;
const shares = fc.constantFrom<(amount: number) => number>(
  (all) => all,
  () => PART,
  (all) => Math.max(PART, all - PART),
);

const facts: fc.Arbitrary<Pick<History, "checkouts" | "walkIns">> = fc.record({
  theme,
  checkouts: fc.array(themed(checkout), { minLength: 1, maxLength: 3 }),
  walkIns: fc.array(fc.record({ by: themed(walkIn), share: shares }), { maxLength: 3 }),
}).map(({ theme: { place, amount, account }, checkouts, walkIns }) => ({
  checkouts: checkouts.map(({ one, inTheme }) => inTheme ? { ...one, place, amount, account } : one),
  walkIns: walkIns.map(({ by: { one, inTheme }, share }) =>
    inTheme ? { ...one, place, amount: share(amount), typed: account } : one
  ),
}));

/**
 * Histories: some in which people act, some whose facts are told in two orders. The latter begin with all checkouts and
 * prompts, so that what M-Pesa is told can't change what the customers do.
 */
export const histories: fc.Arbitrary<History> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ facts, people, moneyOut: outFates })
      .map(({ facts, people, moneyOut }): History => ({ ...facts, people, moneyOut, reorder: null })),
  },
  { weight: 1, arbitrary: fc.record({ facts, reorder: fc.nat(1000) }).map(toldTwice) },
);

function toldTwice({ facts: { checkouts, walkIns }, reorder }: {
  readonly facts: Pick<History, "checkouts" | "walkIns">;
  readonly reorder: number;
}): History {
  return {
    checkouts: checkouts.map((c) => ({
      ...c,
      at: 0,
      prompts: c.prompts.map((p, i) => ({ ...p, after: i, answers: Math.max(2, p.answers) })),
    })),
    walkIns: walkIns.map((w) => ({ ...w, at: Math.max(2, w.at) })),
    people: [],
    moneyOut: [],
    reorder,
  };
}

/** From this seed on histories begin with a part by hand, and prompts ask for the rest of it. */
export const DEPOSITS_FROM = 1_000_000;

/** From this seed on merchants have standing accounts, allocate money, and have rules for what is too much. */
export const ACCOUNTS_FROM = 2_000_000;

/** What the seed's history is drawn from. */
export const historiesOf = (seed: number): fc.Arbitrary<History> =>
  seed < DEPOSITS_FROM ? histories : seed < ACCOUNTS_FROM ? histories.map(withDeposit) : withAccounts;

/** The history of a seed; the same seed always gives the same one. */
export function historyOf(seed: number): History {
  const [history] = fc.sample(historiesOf(seed), { seed: seed % DEPOSITS_FROM, numRuns: 1 });
  if (history === undefined) throw new Error(`seed ${seed} gave no history`);
  return history;
}

const simplePrompt: PromptPlan = {
  after: 0,
  answer: "accepted",
  customer: "pays",
  answers: 10,
  query: "truth",
  told: [],
};

/** The history with a part that is known before the first checkout's prompts, so that they ask for less. */
function withDeposit(history: History): History {
  const [first, ...others] = history.checkouts;
  if (first === undefined) return history;
  const place: PlaceIndex = first.place < 2 ? 0 : 2;
  const amount = Math.max(2 * PART, first.amount);
  const prompts = first.prompts.length === 0 ? [simplePrompt] : first.prompts;
  const deposit: WalkIn = {
    place,
    amount: PART,
    typed: first.account,
    at: first.at + 2,
    told: [{ by: "confirmation", after: 2, form: "clear" }],
  };
  return {
    ...history,
    checkouts: [{
      ...first,
      place,
      amount,
      expiresIn: 1_800,
      prompts: prompts.map((p, i) => ({ ...p, after: 10 + 130 * i })),
    }, ...others],
    walkIns: [deposit, ...history.walkIns],
    reorder: null,
  };
}

const accountPlan = themed(fc.record<AccountPlan>({
  place: fc.constantFrom(0 as const, 0 as const, 2 as const),
  account: accounts,
  at: fc.constantFrom(0, 0, 10, 300, 700),
  apply: fc.constantFrom("oldest_first" as const, "oldest_first" as const, "none" as const),
}));
const part = fc.record<Part>({
  to: fc.constantFrom("checkout" as const, "account" as const),
  nth: pick,
  amount: fc.constantFrom(null, PART, 1_000),
});
const allocating: fc.Arbitrary<Action> = fc.record({
  ...when,
  do: fc.constant("allocate" as const),
  payment: pick,
  parts: fc.array(part, { maxLength: 3 }),
});
const surplus = fc.constantFrom(null, null, "keep_within" as const, "refund_difference" as const);

/** More than M-Pesa moves at once, in shillings. */
const SPLIT_AMOUNT = 300_000;

const withAccounts: fc.Arbitrary<History> = fc.record({
  history: histories,
  made: fc.array(accountPlan, { minLength: 1, maxLength: 2 }),
  allocated: fc.array(allocating, { maxLength: 3 }),
  surplus: fc.array(surplus, { minLength: 3, maxLength: 3 }),
  isSplit: fc.constantFrom(false, false, false, false, true),
}).map(({ history, made, allocated, surplus, isSplit }) => {
  const [first] = history.checkouts;
  const theirs = { place: first === undefined || first.place < 2 ? 0 as const : 2 as const };
  return {
    ...history,
    checkouts: history.checkouts.map((plan, i) => ({
      ...plan,
      ...(surplus[i] === null || surplus[i] === undefined ? {} : { overpayment: surplus[i] }),
      ...(isSplit && i === 0 ? { amount: SPLIT_AMOUNT, split: true as const } : {}),
    })),
    accounts: made.map(({ one, inTheme }) =>
      inTheme && first !== undefined ? { ...one, ...theirs, account: first.account } : one
    ),
    people: [...history.people, ...allocated],
    reorder: null,
  };
});
