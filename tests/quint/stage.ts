import { type InProcess, inProcess } from "../support/in-process.ts";
import { type Answer, Api } from "../model/api.ts";
import { setUp } from "../model/set-up.ts";
import { ENV, post } from "../model/theatre.ts";
import { type Merchant, Truth } from "../model/truth.ts";
import { quietWorld, type World } from "../model/world.ts";
import { neverWas, Outside, token } from "./outside.ts";

const NOTHING = { checkouts: [], walkIns: [], people: [], moneyOut: [], reorder: null };

/** A merchant with a paybill of its own, on which one trace is played. */
export class Stage {
  constructor(
    readonly run: InProcess,
    readonly world: World,
    readonly api: Api,
    readonly outside: Outside,
    readonly merchant: Merchant,
  ) {}

  /** Calls the API as the merchant, or as its approver. Then lets all that this began end. */
  async call(method: string, path: string, body?: unknown, by: "client" | "approver" = "client"): Promise<Answer> {
    const answer = await this.api.call(this.merchant[by], method, path, body);
    await this.run.pass(0); // jobs that are due now
    return answer;
  }

  /** The answer must have this status. */
  async must(status: number, ...call: Parameters<Stage["call"]>): Promise<Answer["body"]> {
    const answer = await this.call(...call);
    if (answer.status === status) return answer.body;
    throw new Error(`${call[0]} ${call[1]}: expected ${status}, got ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  /** M-Pesa says something. */
  async tell([url, body]: readonly [url: string, body: string]): Promise<void> {
    if (!await post(this.world, url, body)) throw new Error("the service did not take the notice");
    await this.run.pass(0); // jobs that are due now
  }

  async pass(minutes: number): Promise<void> {
    await this.run.pass(minutes * 60_000);
  }
}

/** Opens one service on virtual time; `open` gives a new stage on it, to which Daraja's answers belong from then on. */
export async function withStages(
  use: (open: () => Promise<Stage>) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  let outside: Outside | null = null;
  let serial = 0;
  await inProcess(async (run) => {
    const world = quietWorld(run);
    await use(async () => {
      const api = new Api(world);
      const truth = new Truth({ ...NOTHING, payouts: [{ place: 0, amount: 1, at: 0 }] }, serial++);
      outside = null;
      await setUp(api, truth);
      const place = truth.place(0);
      outside = new Outside(truth, place, () => run.time.now());
      return new Stage(run, world, api, outside, place.merchant);
    });
  }, {
    env: { ...ENV, ...env },
    daraja: (request) => outside?.answer(request) ?? proof(request),
  });
}

/** A new shortcode is proven by a query of a push that never was. */
function proof(request: Request): Response | null {
  const { pathname } = new URL(request.url);
  if (pathname === "/oauth/v1/generate") return token(request);
  return pathname === "/mpesa/stkpushquery/v1/query" ? neverWas() : null;
}
