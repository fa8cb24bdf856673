import type { Faults } from "../faults.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Fleet } from "../service/fleet.ts";

const MOST_TRIES = 400;

/**
 * Sends the requests of well-behaved clients: without a clear answer they ask again with the same Idempotency-Key, until
 * they have one.
 */
export class Clients {
  constructor(readonly scheduler: Scheduler, readonly fleet: Fleet, readonly faults: Faults) {}

  async send(request: Request): Promise<Response> {
    const body = request.body === null ? null : await request.text();
    const { url, method, headers } = request;
    const ask = () => this.fleet.send(new Request(url, { method, headers, body }), "client");
    for (let tries = 1;; tries++) {
      if (headers.has("idempotency-key") && this.faults.now("client_twice")) void ask();
      const answer = await ask();
      if (answer !== null && !(await isToRepeat(answer))) return answer;
      if (tries === MOST_TRIES) return answer ?? new Response("no answer", { status: 599 });
      await this.#pause(1_000 + this.scheduler.world.random.below(4_000));
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.scheduler.add(ms, this.scheduler.world, "a client waits", resolve));
  }
}

/** 503 and 429 say so; 409 says that the first request is still running. */
async function isToRepeat(answer: Response): Promise<boolean> {
  if (answer.status === 503 || answer.status === 429) return true;
  if (answer.status !== 409) return false;
  const { code } = await answer.clone().json();
  return code === "idempotency_in_progress";
}
