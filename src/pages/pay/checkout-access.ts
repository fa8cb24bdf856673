import type { Context as HonoContext } from "hono";
import type { Aggregate } from "../../domain/checkouts/machine.ts";
import { type Brand, recentBrand } from "../../domain/merchants/brands.ts";
import { loadCheckout } from "../../domain/checkouts/store.ts";
import type { Context, Services } from "../../context/context.ts";
import type { PageKind } from "../../crypto/capability.ts";
import type { Env } from "../../http/env.ts";
import { visitorContext } from "../visitor.ts";
import { shownPhones } from "./phone-text.ts";
import { type PageState, pageStateOf } from "./page-state.ts";

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
  readonly brand: Brand;
  readonly pageState: PageState;
  /** The link shows the receipt and nothing else: it was given to somebody who may only read, or is old. */
  readonly isReceiptOnly: boolean;
}

/** Loads checkouts for shoppers who have the link. */
export class CheckoutAccess {
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
    const [shortcode, brand, phones] = await Promise.all([
      services.shortcodes.byId(shortcodeId),
      recentBrand(services, merchantId),
      shownPhones(services, state.attempts),
    ]);
    const ctx = visitorContext(c, services, merchantId, "shopper");
    ctx.note({ checkout: id });
    const isReceiptOnly = services.clock.now() >= state.checkout.expires_at + LINK_KEPT_MS;
    const now = services.clock.now();
    const most = services.config.limits.checkouts.maxAmount;
    const { promptsFail } = services.darajaHealth;
    const pageState = pageStateOf(state, { shortcode, merchant: brand.name, most, promptsFail, phones }, now);
    return { ctx, state, brand, isReceiptOnly, pageState };
  }
}
