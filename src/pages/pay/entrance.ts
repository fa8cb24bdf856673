import type { Context as HonoContext } from "hono";
import { LRUCache } from "lru-cache";
import type { Aggregate } from "../../domain/checkouts/machine.ts";
import { loadCheckout } from "../../domain/checkouts/store.ts";
import type { Context, Services } from "../../context/context.ts";
import { first, select } from "../../db/query.ts";
import { merchants } from "../../db/schema.ts";
import { addFields, type Env } from "../../http/env.ts";
import { type Sight, sightOf } from "./stage.ts";

const selectMerchant = select(merchants, "WHERE id = ?");
const NAMES_KEPT_MS = 60_000;

/** The page's address is its key: whoever has the link may look and pay, nobody else. */
export function isAdmitted(services: Services, id: string, token: string | undefined): boolean {
  const capability = services.capabilities.read(token ?? "");
  return capability !== null && capability.kind === "hosted" && capability.id === id;
}

/** A checkout as a shopper entered it, and what the shopper may do there. */
export interface Visit {
  readonly ctx: Context;
  readonly state: Aggregate;
  readonly sight: Sight;
}

/** Opens checkouts to those with their link. */
export class Entrance {
  readonly #names = new LRUCache<string, string>({ max: 1_000, ttl: NAMES_KEPT_MS });
  constructor(readonly services: Services) {}

  /** The checkout of a link. Null for a wrong link, which costs no look at the database. */
  async enter(c: HonoContext<Env>, id: string, token: string | undefined): Promise<Visit | null> {
    if (!isAdmitted(this.services, id, token)) return null;
    return await this.open(c, id);
  }

  /** The same for one who has been admitted. */
  async open(c: HonoContext<Env>, id: string): Promise<Visit | null> {
    const { services } = this;
    const state = await loadCheckout(services, id);
    if (state === null) return null;
    const { merchant_id: merchantId, shortcode_id: shortcodeId } = state.checkout;
    const [shortcode, name] = await Promise.all([services.shortcodes.byId(shortcodeId), this.#nameOf(merchantId)]);
    const note: Context["note"] = (fields) => addFields(c.get("fields"), fields);
    note({ checkout: id, merchant: merchantId });
    const ctx: Context = {
      ...services,
      merchantId,
      actor: "shopper",
      requestId: c.get("requestId"),
      scopes: new Set(),
      claim: null,
      note,
    };
    return { ctx, state, sight: sightOf(state, shortcode, name, services.clock.now()) };
  }

  async #nameOf(merchantId: string): Promise<string> {
    const known = this.#names.get(merchantId);
    if (known !== undefined) return known;
    const name = (await first(this.services.db, selectMerchant(merchantId)))?.name ?? "";
    this.#names.set(merchantId, name);
    return name;
  }
}
