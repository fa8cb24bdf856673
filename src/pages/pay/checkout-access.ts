import type { Context as HonoContext } from "hono";
import { LRUCache } from "lru-cache";
import type { Aggregate } from "../../domain/checkouts/machine.ts";
import { loadCheckout } from "../../domain/checkouts/store.ts";
import type { Context, Services } from "../../context/context.ts";
import type { PageKind } from "../../crypto/capability.ts";
import { first, select } from "../../db/query.ts";
import { OwnReach } from "../../db/reach.ts";
import { merchants } from "../../db/schema.ts";
import { addFields, type Env } from "../../http/env.ts";
import { type PageState, pageStateOf } from "./page-state.ts";

const selectMerchant = select(merchants, "WHERE id = ?");
const NAMES_KEPT_MS = 60_000;

/** How long after the checkout's expiry its link shows what happened. Then it shows the receipt only. */
const LINK_KEPT_MS = 24 * 3_600_000;

/**
 * What a link opens: the page where everybody who has the link can pay, or the page that shows only the receipt. Null for
 * what is no link of this checkout.
 */
function kindOfLink(services: Services, id: string, token: string | undefined): PageKind | null {
  const capability = services.capabilities.verify(token ?? "");
  if (capability === null || capability.id !== id) return null;
  return capability.kind === "hosted" || capability.kind === "receipt" ? capability.kind : null;
}

/** A checkout that a shopper has opened by its link, with the context in which the shopper acts. */
export interface Visit {
  readonly ctx: Context;
  readonly state: Aggregate;
  readonly pageState: PageState;
  /** The link shows the receipt and nothing else: it was given to somebody who may only read, or is old. */
  readonly isReceiptOnly: boolean;
}

/** Loads checkouts for shoppers who have the link. */
export class CheckoutAccess {
  readonly #names = new LRUCache<string, string>({ max: 1_000, ttl: NAMES_KEPT_MS });
  constructor(readonly services: Services) {}

  /** Loads the checkout of a link. Null for a wrong link, without a read of the database. */
  async openByLink(c: HonoContext<Env>, id: string, token: string | undefined): Promise<Visit | null> {
    const kind = kindOfLink(this.services, id, token);
    const visit = kind === null ? null : await this.open(c, id);
    return visit === null ? null : { ...visit, isReceiptOnly: visit.isReceiptOnly || kind === "receipt" };
  }

  /** The same for what only a shopper who may pay does. Null also for a link that shows only the receipt. */
  async openToPay(c: HonoContext<Env>, id: string, token: string | undefined): Promise<Visit | null> {
    const visit = await this.openByLink(c, id, token);
    return visit === null || visit.isReceiptOnly ? null : visit;
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
    const isReceiptOnly = services.clock.now() >= state.checkout.expires_at + LINK_KEPT_MS;
    const now = services.clock.now();
    const most = services.config.limits.checkouts.maxAmount;
    const { promptsFail } = services.darajaHealth;
    const pageState = pageStateOf(state, { shortcode, merchant: name, most, promptsFail }, now);
    return { ctx, state, isReceiptOnly, pageState };
  }

  async #nameOf(merchantId: string): Promise<string> {
    const known = this.#names.get(merchantId);
    if (known !== undefined) return known;
    const name = (await first(this.services.db, selectMerchant(merchantId)))?.name ?? "";
    this.#names.set(merchantId, name);
    return name;
  }
}
