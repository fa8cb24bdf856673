import type { Hono } from "hono";
import type { Services } from "../../context/services.ts";
import { rows } from "../../db/query.ts";
import { auditEntry } from "../../db/trail.ts";
import { addingChallenge, addPasskey } from "../../domain/people/add-passkey.ts";
import { passkeysOf } from "../../domain/people/passkey-rows.ts";
import { removePasskey } from "../../domain/people/remove-passkey.ts";
import { endSession, isOpen, openSessionsOf } from "../../domain/people/sessions.ts";
import type { Env } from "../../http/env.ts";
import { type ConsolePage, contextOf } from "../session/context-of.ts";
import { readForm } from "../session/csrf.ts";
import { requireViewer } from "../session/require-viewer.ts";
import { createOptions, knownPasskeys } from "../signing/options.ts";
import type { Page } from "../kit/page.ts";
import { show, visitOf } from "../layout/mount-pages.ts";
import { Me } from "./page.tsx";
import { myText } from "./text.ts";

/** A stolen browser must not get a passkey of its own, so it is added soon after signing in. */
const FRESH_MS = 30 * 60_000;
const MAX_NAME = 60;

const isFresh = (c: ConsolePage, { clock }: Services): boolean => clock.now() < c.get("viewer").signedInAt + FRESH_MS;

/** Who runs the issuer could sign in as anybody: then a passkey is added only where there is none yet. */
async function mayChange(c: ConsolePage, services: Services): Promise<boolean> {
  const { method, person } = c.get("viewer");
  if (!isFresh(c, services)) return false;
  return method !== "oidc" || (await rows(services.db, passkeysOf(person.id)))[0].length === 0;
}

/** `/console/me`: one's own passkeys and sessions. */
export function myRoutes(app: Hono<Env>, services: Services, pages: readonly Page[]): void {
  const page = (c: ConsolePage, problem: string | null = null) => myPage(c, services, pages, problem);
  app.use("/console/me/*", requireViewer(services));
  app.use("/console/me", requireViewer(services));
  app.get("/console/me", (c) => page(c));
  app.post("/console/me/passkeys", readForm(services), async (c) => {
    const { language, person, sessionId } = c.get("viewer");
    const text = myText[language];
    if (!await mayChange(c, services)) return await page(c, text.tooLate);
    const form = c.get("form");
    const name = String(form.get("name") ?? "").trim().slice(0, MAX_NAME);
    const given = { text: form.get("passkey"), name: name === "" ? "passkey" : name };
    const owner = { personId: person.id, sessionId };
    const added = await addPasskey(services, contextOf(c, services), owner, given);
    return added === null ? await page(c, text.notAdded) : c.redirect("/console/me", 303);
  });
  app.post("/console/me/passkeys/:id/remove", readForm(services), async (c) => {
    const { language, person } = c.get("viewer");
    if (!await mayChange(c, services)) return await page(c, myText[language].tooLate);
    await removePasskey(services, contextOf(c, services), person.id, c.req.param("id"));
    return c.redirect("/console/me", 303);
  });
  app.post("/console/me/sessions/:id/end", readForm(services), async (c) => {
    const id = c.req.param("id");
    const { person } = c.get("viewer");
    const now = services.clock.now();
    const [found] = await rows(services.db, openSessionsOf(person.id, now));
    if (found.some((session) => session.id === id)) {
      const entry = auditEntry(contextOf(c, services), "session.ended", id, { person: person.id });
      await services.db.write([endSession(id, now), entry]);
    }
    return c.redirect("/console/me", 303);
  });
}

async function myPage(
  c: ConsolePage,
  services: Services,
  pages: readonly Page[],
  problem: string | null,
): Promise<Response> {
  const visit = visitOf(c, services, pages, "own");
  const { viewer } = visit;
  const [passkeys, sessions] = await rows(
    services.db,
    passkeysOf(viewer.person.id),
    openSessionsOf(viewer.person.id, visit.now),
  );
  const challenge = addingChallenge(services, { personId: viewer.person.id, sessionId: viewer.sessionId });
  const known = await knownPasskeys(services, viewer.person.id);
  const body = (
    <Me
      visit={visit}
      problem={problem}
      passkeys={passkeys}
      sessions={sessions.filter((session) => isOpen(session, visit.now))}
      adding={await mayChange(c, services) ? createOptions(services, challenge, viewer.person, known) : null}
    />
  );
  const title = myText[viewer.language].heading;
  return await show(visit, pages, { title, body, usesPasskey: true, ...(problem === null ? {} : { status: 422 }) });
}
