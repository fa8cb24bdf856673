import type { Malipo, Payout } from "../client/mod.ts";
import { API_DETAILS, apiOptions, connect } from "./api/connect.ts";
import { type Command, command, type Group, UsageError } from "./frame/command.ts";
import type { Output } from "./frame/output.ts";
import { shillings } from "../lib/shillings.ts";

const MOST = 100;

const row = ({ id, status, amount, reference, created_at }: Payout) => ({ id, status, amount, reference, created_at });

function showOne(out: Output, payout: Payout): void {
  const sum = shillings(payout.amount).replace("\u00a0", " ");
  out.record(payout, `${payout.id}: ${sum}, ${payout.reference}, ${out.paint.bold(payout.status)}`);
}

const list = command({
  summary: `lists payouts, newest first; ${MOST} at most`,
  options: {
    status: { value: "STATUS", help: "such as awaiting_approval, in_doubt or failed" },
    reference: { value: "TEXT", help: "of one reference" },
    ...apiOptions,
  },
  examples: ["--status awaiting_approval"],
  async run({ options, out }) {
    const { status, reference } = options;
    const query = { limit: MOST, ...status && { status }, ...reference && { reference } };
    const { data } = await connect(options, "cli_demo").malipo.payouts.list(query as object);
    out.table(data.map(row), "There is no such payout.");
  },
});

/** A command about one payout. `seeded`: the client of development that may do it. */
const about = (seeded: string, summary: string, act: (malipo: Malipo, id: string) => Promise<Payout>): Command =>
  command({
    summary,
    words: ["ID"],
    options: apiOptions,
    run: async ({ words: [id = ""], options, out }) => showOne(out, await act(connect(options, seeded).malipo, id)),
  });

const reject = command({
  summary: "rejects one that awaits approval; nothing is sent",
  words: ["ID"],
  options: { reason: { value: "TEXT", help: "why; the audit trail keeps it" }, ...apiOptions },
  async run({ words: [id = ""], options, out }) {
    const { reason } = options;
    if (reason === undefined) throw new UsageError("Say why: --reason TEXT.");
    showOne(out, await connect(options, "cli_approver").malipo.payouts.reject(id, { reason }));
  },
});

const switchOf = (verb: "pause" | "resume", summary: string) =>
  command({
    summary,
    options: {
      merchant: { value: "ID", help: "of another merchant, or all; needs a client with the scope platform" },
      reason: { value: "TEXT", help: "why; the audit trail keeps it" },
      ...apiOptions,
    },
    async run({ options, out }) {
      const { merchant, reason } = options;
      const body = { ...merchant && { merchant }, ...reason && { reason } };
      const answer = await connect(options, "cli_operator").malipo.payouts[verb](body);
      const lines = answer.pauses.map(({ merchant, reason, by }) =>
        `Paused: ${merchant ?? "all merchants"}, by ${by}${reason === null ? "" : ` (${reason})`}.`
      );
      out.record(answer, lines.length === 0 ? "Payouts and refunds are sent." : lines.join("\n"));
    },
  });

/** `payouts`: look at payouts, decide on them, and stop them all. */
export const payouts: Group = {
  summary: "look at payouts, decide on them, and stop them all",
  details: `${API_DETAILS}
Whoever created a payout can't approve it.`,
  commands: {
    list,
    get: about("cli_demo", "shows one", (malipo, id) => malipo.payouts.get(id)),
    approve: about("cli_approver", "lets one go that awaits approval", (malipo, id) => malipo.payouts.approve(id)),
    reject,
    cancel: about("cli_demo", "cancels one that has not been sent", (malipo, id) => malipo.payouts.cancel(id)),
    refresh: about("cli_demo", "asks M-Pesa now what became of one", (malipo, id) => malipo.payouts.refresh(id)),
    pause: switchOf("pause", "stops payouts and refunds from leaving; they wait"),
    resume: switchOf("resume", "lets them leave again"),
  },
  examples: ["list --status awaiting_approval", 'pause --reason "float is being moved"'],
};
