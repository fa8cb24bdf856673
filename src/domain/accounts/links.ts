import type { InferSelectModel } from "drizzle-orm";
import { commit, type Context, requireScope, type Services } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { abortIfUnchanged, first, insert, rows, select, update } from "../../db/query.ts";
import { within } from "../../db/reach.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { accountLinks } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import type { AccountLinkView, createAccountLink as contract } from "./link-contract.ts";
import { type AccountState, loadAccount, loadReachedAccount } from "./store.ts";

type Link = InferSelectModel<typeof accountLinks>;

const selectById = select(accountLinks, "WHERE id = ?");
const selectOfAccount = select(accountLinks, "WHERE account_id = ? ORDER BY id DESC LIMIT 100");
const insertLink = insert(accountLinks);
const updateLink = update(accountLinks, ["revoked_at", "version"], "WHERE id = ? AND version = ?");

const isOpen = ({ revoked_at, expires_at }: Link, now: number): boolean => revoked_at === null && now < expires_at;

function linkView(ctx: Context, link: Link): AccountLinkView {
  const isShown = ctx.scopes.has("accounts:write") && isOpen(link, ctx.clock.now());
  const url = `${ctx.config.server.publicUrl}/s/${link.id}?token=`;
  return {
    id: link.id,
    account: link.account_id,
    url: isShown ? url + ctx.capabilities.mint("account", link.account_id) : null,
    expires_at: formatTime(link.expires_at),
    revoked_at: formatTimeOrNull(link.revoked_at),
    created_by: link.created_by,
    created_at: formatTime(link.created_at),
    version: link.version,
  };
}

/** Makes a page to share with the statement of an account. Errors: `not_found`. */
export async function createAccountLink(ctx: Context, input: Input<typeof contract>): Promise<AccountLinkView> {
  requireScope(ctx, "accounts:write");
  const { account } = await loadReachedAccount(ctx, input.id);
  const now = ctx.clock.now();
  const link: Link = {
    id: newId("acl"),
    merchant_id: account.merchant_id,
    account_id: account.id,
    expires_at: now + input.expires_in * 1_000,
    revoked_at: null,
    created_by: ctx.actor,
    created_at: now,
    version: 1,
  };
  const view = linkView(ctx, link);
  await commit(ctx, link.id, [
    insertLink(link),
    auditEntry(ctx, "account.link_created", account.id, { link: link.id, expires_at: view.expires_at }),
  ], { status: 201, body: view });
  return view;
}

/** The shared pages of an account, newest first. Errors: `not_found`. */
export async function listAccountLinks(ctx: Context, { id }: { id: string }): Promise<{ data: AccountLinkView[] }> {
  requireScope(ctx, "accounts:read");
  const { account } = await loadReachedAccount(ctx, id);
  const [found] = await rows(ctx.db, selectOfAccount(account.id));
  return { data: found.map((link) => linkView(ctx, link)) };
}

/** Ends a shared page at once. Errors: `not_found`. */
export async function revokeAccountLink(ctx: Context, { id }: { id: string }): Promise<AccountLinkView> {
  requireScope(ctx, "accounts:write");
  return await retryOnConflict(async () => {
    const link = within(ctx.reach, await first(ctx.db, selectById(id)));
    if (link === null) {
      throw new Problem(
        "not_found",
        "There is no link with this id. GET /v1/accounts/{id}/links lists those of an account.",
      );
    }
    if (link.revoked_at !== null) return linkView(ctx, link);
    const after: Link = { ...link, revoked_at: ctx.clock.now(), version: link.version + 1 };
    const view = linkView(ctx, after);
    await commit(ctx, id, [
      updateLink(after, id, link.version),
      abortIfUnchanged,
      auditEntry(ctx, "account.link_revoked", link.account_id, { link: id }),
    ], { status: 200, body: view });
    return view;
  });
}

/**
 * The account that a link shows now; null where the link is wrong, has expired or was revoked. The token proves the
 * account, and the id, which nobody can guess, says which link: so one is revoked and the others go on.
 */
export async function openAccountLink(services: Services, id: string, token: string): Promise<AccountState | null> {
  const capability = services.capabilities.verify(token);
  if (capability === null || capability.kind !== "account") return null;
  const link = await first(services.db, selectById(id));
  if (link === null || link.account_id !== capability.id || !isOpen(link, services.clock.now())) return null;
  return await loadAccount(services, link.account_id);
}
