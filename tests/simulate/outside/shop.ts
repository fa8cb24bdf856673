import type { Outbound, OutboundAnswer, OutboundRequest } from "../../../src/platform/ports.ts";
import type { Faults } from "../faults.ts";
import type * as Release from "../service/release.ts";
import type { Owner, Scheduler } from "../scheduler.ts";

const ADDRESS = "93.184.216.34";

/** The merchants' web servers: what events they have been sent, by event id. */
export class Shop {
  readonly received = new Map<string, string>();
  constructor(readonly scheduler: Scheduler, readonly faults: Faults) {}

  outboundOf(owner: Owner, { OutboundError }: typeof Release): Outbound {
    const { scheduler } = this;
    const broken = () => new OutboundError("broken", "cut");
    return {
      resolve: () => new Promise((resolve) => void scheduler.add(1, owner, "name found", () => resolve([ADDRESS]))),
      post: (request) =>
        new Promise<OutboundAnswer>((resolve, reject) => {
          request.signal.addEventListener("abort", () => reject(broken()));
          const id = request.headers["webhook-id"] ?? "";
          scheduler.add(20, scheduler.world, `${owner.name} delivers ${id}`, () => {
            const status = this.#take(id, request);
            if (status === null) return void scheduler.add(20, owner, "delivery cut", () => reject(broken()));
            const answer = { status, headers: {}, body: new Uint8Array() };
            scheduler.add(30, owner, `delivery answers ${status}`, () => resolve(answer));
          });
        }),
    };
  }

  /** The status; null: no answer. */
  #take(id: string, { body }: OutboundRequest): number | null {
    if (this.faults.now("shop_fails")) return 500;
    this.received.set(id, body);
    return this.faults.now("shop_answer_lost") ? null : 200;
  }
}
