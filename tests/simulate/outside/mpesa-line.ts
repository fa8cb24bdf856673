import { post } from "../../model/theatre.ts";
import type { World } from "../../model/world.ts";
import type { Faults } from "../faults.ts";
import type { Scheduler } from "../scheduler.ts";

/** How M-Pesa's messages come to the service: once, or twice, or not at all. M-Pesa does not ask again. */
export class MpesaLine {
  world: World | null = null;
  constructor(readonly scheduler: Scheduler, readonly faults: Faults) {}

  /** Answers whether the message was taken. */
  async post(url: string, body: string): Promise<boolean> {
    if (this.world === null) throw new Error("nobody listens yet");
    if (this.faults.now("notice_lost")) return false;
    const { world, scheduler } = this;
    if (this.faults.now("notice_twice")) {
      const ms = scheduler.world.random.pick([0, 1, 500, 60_000]);
      scheduler.add(ms, scheduler.world, "a notice comes again", () => void post(world, url, body));
    }
    return await post(world, url, body);
  }
}
