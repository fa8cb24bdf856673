import { commit, type Context, requirePlatform } from "../../context/context.ts";
import { first, rows } from "../../db/query.ts";
import { ALL_MERCHANTS, allFlags, FLAG_NAMES, type FlagName, FLAGS } from "../../flags/flags.ts";
import { formatTime } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField, Problem } from "../../problems/problem.ts";
import { selectMerchant } from "../merchants/merchant-rows.ts";
import type { FlagList, FlagView, listFlags as listing, setFlag as setting } from "./contract.ts";
import { setFlagStatements } from "./flag-rows.ts";

type Row = Awaited<ReturnType<typeof readRows>>[number];
const readRows = async (ctx: Context) => (await rows(ctx.db, allFlags()))[0];

const view = (name: FlagName, stored: readonly Row[]): FlagView => ({
  name,
  meaning: FLAGS[name].meaning,
  default_percent: FLAGS[name].percent,
  settings: stored.filter((row) => row.name === name).map(({ scope, percent, changed_by, changed_at }) => ({
    merchant: scope === ALL_MERCHANTS ? null : scope,
    percent,
    by: changed_by,
    at: formatTime(changed_at),
  })),
});

/** All feature flags with what is set. Errors: `insufficient_scope`. */
export async function listFlags(ctx: Context, _input: Input<typeof listing>): Promise<FlagList> {
  requirePlatform(ctx);
  const stored = await readRows(ctx);
  return { data: FLAG_NAMES.map((name) => view(name, stored)) };
}

/** Sets a flag's percentage. Errors: `not_found`, `validation_failed` at `/merchant`, `insufficient_scope`. */
export async function setFlag(ctx: Context, input: Input<typeof setting>): Promise<FlagView> {
  requirePlatform(ctx);
  const name = FLAG_NAMES.find((known) => known === input.name);
  if (name === undefined) {
    throw new Problem("not_found", "There is no flag of this name. GET /v1/flags lists them.");
  }
  if (input.merchant !== undefined && await first(ctx.db, selectMerchant(input.merchant)) === null) {
    throw invalidField("/merchant", "there is no merchant with this id");
  }
  const scope = input.merchant ?? ALL_MERCHANTS;
  const others = (await readRows(ctx)).filter((row) => row.name === name && row.scope !== scope);
  const { percent } = input;
  const own = percent === null ? [] : [{ name, scope, percent, changed_by: ctx.actor, changed_at: ctx.clock.now() }];
  const after = [...others, ...own].sort((a, b) => a.scope < b.scope ? -1 : 1);
  const answer = view(name, after);
  await commit(ctx, name, setFlagStatements(ctx, name, scope, percent), { status: 200, body: answer });
  ctx.flags.forget();
  return answer;
}
