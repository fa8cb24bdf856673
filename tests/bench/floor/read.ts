import { of, oneOf } from "./rows.ts";
import type { Parts, Principal } from "./parts.ts";
import { SELECT_WHOLE, viewOf, wholeOf } from "./view.ts";

const selectOne = oneOf(`${SELECT_WHOLE} WHERE id = ?`);
const selectPage = of(`${SELECT_WHOLE} WHERE merchant_id = ? AND id < ? ORDER BY id DESC LIMIT CAST(? AS INTEGER)`);

/** GET /v1/checkouts/{id}: the product's one read. */
export async function get(parts: Parts, who: Principal, id: string): Promise<Response> {
  const [found] = await parts.store.read([selectOne(id)]);
  const row = found?.[0];
  const whole = row === undefined ? null : wholeOf(row);
  if (whole?.merchant !== who.merchantId) return new Response(null, { status: 404 });
  return Response.json(viewOf(parts, whole));
}

/** GET /v1/checkouts: the newest, in one read. */
export async function list(parts: Parts, who: Principal, query: string): Promise<Response> {
  const asked = new URLSearchParams(query);
  const limit = Number(asked.get("limit") ?? 20);
  const before = asked.get("cursor");
  const [found = []] = await parts.store.read([
    selectPage(who.merchantId, before === null ? "~" : atob(before), limit + 1),
  ]);
  const data = found.slice(0, limit).map((row) => viewOf(parts, wholeOf(row)));
  const last = data.at(-1)?.id;
  return Response.json({ data, next_cursor: found.length > limit ? btoa(String(last)) : null });
}
