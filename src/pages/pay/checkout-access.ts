import type { Context as HonoContext } from "hono";
import { LRUCache } from "lru-cache";
import type { Aggregate } from "../../domain/checkouts/machine.ts";
import { loadCheckout } from "../../domain/checkouts/store.ts";
import type { Context, Services } from "../../context/context.ts";
import { first, select } from "../../db/query.ts";
import { OwnReach } from "../../db/reach.ts";
import { merchants } from "../../db/schema.ts";
import { addFields, type Env } from "../../http/env.ts";
import { type PageState, pageStateOf } from "./page-state.ts";

const selectMerchant = select(merchants, "WHERE id = ?");
const NAMES_KEPT_MS = 60_000;

/** Whether a token is the capability of this checkout's page. Everybody with the link may see the page and pay, nobody else. */
export function isLinkValid(services: Services, id: string, token: string | undefined): boolean {
  const capability = services.capabilities.verify(token ?? "");
  return capability !== null && capability.kind === "hosted" && capability.id === id;
}

/** A checkout that a shopper has opened by its link, with the context in which the shopper acts. */
export interface Visit {
  readonly ctx: Context;
  readonly state: Aggregate;
  readonly pageState: PageState;
}

/** Loads checkouts for shoppers who have the link. */
export class CheckoutAccess {
  readonly #names = new LRUCache<string, string>({ max: 1_000, ttl: NAMES_KEPT_MS });
  constructor(readonly services: Services) {}

  /** Loads the checkout of a link. Null for a wrong link, without a read of the database. */
  async openByLink(c: HonoContext<Env>, id: string, token: string | undefined): Promise<Visit | null> {
    if (!isLinkValid(this.services, id, token)) return null;
    return await this.open(c, id);
  }

  /** Loads the checkout for a shopper whose link was checked before. Null if there is none. */
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
      reach: OwnReach.of(merchantId),
      actor: "shopper",
      requestId: c.get("requestId"),
      scopes: new Set(),
      claim: null,
      note,
    };
    return { ctx, state, pageState: pageStateOf(state, shortcode, name, services.clock.now()) };
  }

  async #nameOf(merchantId: string): Promise<string> {
    const known = this.#names.get(merchantId);
    if (known !== undefined) return known;
    const name = (await first(this.services.db, selectMerchant(merchantId)))?.name ?? "";
    this.#names.set(merchantId, name);
    return name;
  }
}
