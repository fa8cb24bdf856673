import type { Context, Services } from "../../context/context.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import { qrSvg } from "../../lib/qr.ts";
import type { PaymentLinkView } from "./contract.ts";
import type { LinkState, PaymentLink } from "./store.ts";

/** The white edge of the code, in modules: scanners ask for four. */
const QUIET_ZONE = 4;

/** The address that is shared. */
export const linkUrl = ({ config }: Pick<Services, "config">, { code }: Pick<PaymentLink, "code">): string =>
  `${config.server.publicUrl}/p/${code}`;

/** Whether anybody can begin to pay by it. */
export function statusOf({ link, timesPaid }: LinkState, now: number): PaymentLinkView["status"] {
  if (!link.reusable && timesPaid > 0) return "paid";
  if (link.disabled) return "disabled";
  return link.expires_at !== null && now >= link.expires_at ? "expired" : "active";
}

/** A link as the API answers it to its merchant. */
export async function linkView(ctx: Context, state: LinkState): Promise<PaymentLinkView> {
  const { link, timesPaid, received } = state;
  const url = linkUrl(ctx, link);
  return {
    id: link.id,
    url,
    qr: qrSvg(url, { border: QUIET_ZONE, ecc: "M" }),
    status: statusOf(state, ctx.clock.now()),
    amount: link.amount,
    currency: link.currency,
    description: link.description,
    shortcode: (await ctx.shortcodes.byId(link.shortcode_id)).number,
    reusable: link.reusable,
    times_paid: timesPaid,
    amount_received: received,
    expires_at: formatTimeOrNull(link.expires_at),
    created_by: link.created_by,
    created_at: formatTime(link.created_at),
    updated_at: formatTime(link.updated_at),
    version: link.version,
  };
}
