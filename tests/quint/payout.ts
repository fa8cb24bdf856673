import type { Step, Value } from "./itf.ts";
import type { Fate } from "./outside.ts";
import type { Stage } from "./stage.ts";

/** From KES 2,000 on the stage's service wants an approval. */
const SHILLINGS = 2_500;

/** Plays the steps of `payout.qnt` on the real service. */
export class PayoutPlay {
  #id = "";
  constructor(readonly stage: Stage) {}

  /** One step of the trace. */
  async act({ action, picks }: Step): Promise<void> {
    const { stage } = this;
    const { outside } = stage;
    const path = `/v1/payouts/${this.#id}`;
    switch (action) {
      case "init":
        this.#id = (await stage.must(202, "POST", "/v1/payouts", {
          amount: SHILLINGS * 100,
          currency: "KES",
          phone_number: `+${outside.truth.phone()}`,
          reference: "payout-1",
          purpose: "business",
        })).id;
        return;
      case "approve":
        outside.fate = { call: String(picks["call"]) as Fate["call"], moved: picks["moved"] === true }; // as in the specification
        await stage.must(200, "POST", `${path}/approve`, undefined, "approver");
        return;
      case "approveOwn":
        await stage.must(403, "POST", `${path}/approve`);
        return;
      case "approveLate":
        await stage.must(409, "POST", `${path}/approve`, undefined, "approver");
        return;
      case "reject":
        await stage.must(200, "POST", `${path}/reject`, { reason: "Not ours" }, "approver");
        return;
      case "cancel":
        await stage.must(200, "POST", `${path}/cancel`);
        return;
      case "queueTimeout":
        return await stage.tell(outside.queueTimeout());
      case "result":
        return await stage.tell(outside.result());
      case "wait":
        return await stage.pass(11);
      case "timeout":
        return await stage.pass(30 * 60);
      case "query":
        await stage.must(200, "POST", `${path}/refresh`);
        return await stage.tell(outside.found());
      case "queryNotFound":
        outside.fate = { call: "accepted", moved: picks["moved"] === true };
        await stage.must(200, "POST", `${path}/refresh`);
        return await stage.tell(outside.notFound());
      case "resolve":
        await stage.must(200, "POST", `${path}/resolve`, { outcome: picks["verdict"], evidence: "Portal" }, "approver");
        return;
      default:
        throw new Error(`no such action: ${action}`);
    }
  }

  /** What the API shows, in the words of the specification. */
  async shown(): Promise<Value> {
    const { status, needs_person: needsPerson } = await this.stage.must(200, "GET", `/v1/payouts/${this.#id}`);
    return { payout: status, needsPerson };
  }
}
