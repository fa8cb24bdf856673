import type { BatchView } from "../../domain/payouts/batch-contract.ts";
import { getBatch } from "../../domain/payouts/batches.ts";
import type { PayoutView } from "../../domain/payouts/contract.ts";
import { timesPaid } from "../../domain/payouts/payee-history.ts";
import { getPayout } from "../../domain/payouts/read.ts";
import { listAttention } from "../../domain/attention/list-attention.ts";
import type { Markup } from "../../pages/markup.ts";
import { approveBatchAct, rejectBatchAct } from "../batches/decide.tsx";
import { type Done, doneOf } from "../kit/done.ts";
import type { Page, View } from "../kit/page.ts";
import { Pager } from "../kit/pager.tsx";
import { PAYOUT_READERS } from "../kit/roles.ts";
import { Empty, Table } from "../kit/table.tsx";
import type { Visit } from "../kit/visit.ts";
import { approveAct, rejectAct } from "../payouts/decide.tsx";
import { type Live, liveOf } from "../live/live.ts";
import { waitingBatchColumns, waitingPayoutColumns } from "./columns.tsx";
import { approvalsText } from "./text.ts";

const ROWS = 25;

interface Waiting {
  readonly payouts: readonly PayoutView[];
  readonly batches: readonly BatchView[];
  /** How often the payee of each payout was paid before. */
  readonly paid: ReadonlyMap<string, number>;
  readonly next: string | null;
  readonly done: Done | null;
}

/** Approvals: what waits for my yes? A batch is decided whole, so it is one row. */
export const approvalsPage: Page = {
  path: "approvals",
  area: "merchant",
  roles: PAYOUT_READERS,
  nav: { name: "approvals", group: "today", icon: "person" },
  get: async (visit): Promise<View> => {
    const found = await waitingFor(visit);
    return {
      title: visit.text.nav.approvals,
      shown: await liveOfWaiting(found),
      body: <Approvals visit={visit} found={found} />,
    };
  },
  live: async (visit) => await liveOfWaiting(await waitingFor(visit)),
};

const liveOfWaiting = ({ payouts, batches }: Waiting): Promise<Live> => liveOf([payouts, batches]);

async function waitingFor(visit: Visit): Promise<Waiting> {
  const { ctx } = visit;
  const cursor = visit.url.searchParams.get("cursor");
  const [cases, done] = await Promise.all([
    listAttention(ctx, { kind: "approval", limit: ROWS, ...cursor === null ? {} : { cursor } }),
    doneOf(visit),
  ]);
  const ids = cases.data.map(({ subject }) => subject);
  const [payouts, batches] = await Promise.all([
    Promise.all(ids.filter((id) => id.startsWith("pyt_")).map((id) => getPayout(ctx, { id }))),
    Promise.all(ids.filter((id) => id.startsWith("bat_")).map((id) => getBatch(ctx, { id }))),
  ]);
  const paid = await timesPaid(ctx, payouts.map(({ id }) => id));
  return { payouts, batches, paid, next: cases.next_cursor, done };
}

function Approvals({ visit, found }: { visit: Visit; found: Waiting }): Markup {
  const words = approvalsText[visit.language];
  const { payouts, batches, paid, next, done } = found;
  const count = payouts.length + batches.length;
  const isInRow = done !== null && [...payouts, ...batches].some(({ id }) => id === done.id);
  return (
    <>
      <header class="head">
        <h1>{visit.text.nav.approvals}</h1>
        <p class="soft">{words.question}</p>
      </header>
      {done !== null && !isInRow && <p class="note good" role="status" tabindex={-1}>{done.text}</p>}
      <p class="totals" role="status">{next === null ? words.count(count) : words.countMore(count)}</p>
      {count === 0 && (
        <Empty heading={words.none}>
          <p>{words.noneHelp}</p>
        </Empty>
      )}
      {batches.length > 0 && (
        <>
          <h2>{words.batches}</h2>
          <Table
            visit={visit}
            caption={words.batches}
            columns={waitingBatchColumns}
            rows={batches}
            href={({ id }) => `batches/${id}`}
            acts={[approveBatchAct, rejectBatchAct]}
            path="batches"
            done={done}
          />
        </>
      )}
      {payouts.length > 0 && (
        <>
          <h2>{words.single}</h2>
          <Table
            visit={visit}
            caption={words.single}
            columns={waitingPayoutColumns(paid)}
            rows={payouts}
            href={({ id }) => `payouts/${id}`}
            acts={[approveAct, rejectAct]}
            path="payouts"
            done={done}
          />
          <p class="hint">{words.wholeNumber}</p>
        </>
      )}
      <Pager visit={visit} next={next} />
    </>
  );
}
