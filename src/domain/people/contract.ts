import { z } from "zod";
import { MERCHANT_ROLES, ROLES } from "../../auth/roles.ts";
import { freeText, timestamp, version } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";

const MAX_EMAIL = 254;

export const email = z.string({ error: "must be a string" }).trim().max(MAX_EMAIL, {
  error: `must be at most ${MAX_EMAIL} characters`,
}).pipe(z.email({ error: "must be an e-mail address, such as amina@shop.example" }))
  .meta({ description: "Letters of either case are the same address.", examples: ["amina@shop.example"] });

export const personName = freeText(1, 100).meta({ examples: ["Amina Otieno"] });

export const roles = z.array(z.enum(MERCHANT_ROLES, { error: `must be one of ${MERCHANT_ROLES.join(", ")}` }))
  .min(1, { error: "must name at least one role" }).max(MERCHANT_ROLES.length, { error: "must name each role once" })
  .meta({
    description:
      "`viewer` reads; `cashier` sells; `finance` also pays out and gives back; `approver` approves payouts; " +
      "`admin` does everything. Nobody approves what they have made.",
    examples: [["finance"]],
  });

const id = z.string().meta({ examples: ["per_01kamcvdf2ej5s2k8sxw9ggk6s"] });

export const person = z.object({
  id,
  merchant: z.string().meta({ examples: ["mer_01kamcvd000000000000000001"] }),
  email: z.string().meta({ examples: ["amina@shop.example"] }),
  name: z.string().meta({ examples: ["Amina Otieno"] }),
  roles: z.array(z.enum(ROLES)).meta({ examples: [["finance"]] }),
  status: z.enum(["invited", "active", "removed"]).meta({
    description:
      "`invited`: has not signed in yet. `removed`: can't sign in any more; the audit trail still names them.",
  }),
  invited_by: z.string().meta({
    description: "A person, a client, or `cli`.",
    examples: ["per_01kamcvdf2ej5s2k8sxw9ggk6t"],
  }),
  passkeys: z.int().meta({ description: "How many passkeys they have.", examples: [1] }),
  last_seen_at: timestamp.nullable().meta({ description: "When they last opened a page, to the minute." }),
  created_at: timestamp,
  updated_at: timestamp,
  removed_at: timestamp.nullable().meta({ examples: [null] }),
  version,
}).meta({ id: "Person", description: "Somebody who uses the console of a merchant." });
export type PersonView = z.infer<typeof person>;

const removedPerson = person.extend({
  clients: z.array(z.string()).meta({
    description: "The active clients that this person has made. They go on; revoke those that are theirs alone.",
    examples: [[]],
  }),
}).meta({ id: "RemovedPerson" });
export type RemovedPerson = z.infer<typeof removedPerson>;

const signInUrl = z.string().meta({
  description: "A link that signs this person in, once. Send it to them. It is shown only in this answer, and empty " +
    "where the answer is repeated for an Idempotency-Key.",
  examples: ["https://pay.example.co.ke/console/sign-in/mls_…"],
});
const invitedPerson = person.extend({ sign_in_url: signInUrl }).meta({ id: "InvitedPerson" });
export type InvitedPerson = z.infer<typeof invitedPerson>;

export const session = z.object({
  id: z.string().meta({ examples: ["ses_01kamcvdf2ej5s2k8sxw9ggk6u"] }),
  method: z.enum(["link", "passkey", "oidc"]).meta({ description: "How the person signed in." }),
  address: z.string().meta({ description: "Where from; of IPv6 the /64.", examples: ["197.248.10.20"] }),
  agent: z.string().meta({ description: "The browser, as it calls itself.", examples: ["Mozilla/5.0 (Android 15)"] }),
  created_at: timestamp,
  last_seen_at: timestamp,
  expires_at: timestamp.meta({ description: "When it ends, however much it is used." }),
}).meta({ id: "Session", description: "A browser in which a person is signed in." });
export type SessionView = z.infer<typeof session>;

const TAG = "People";
const ofPeople = { tag: TAG, scope: "operator" } as const;

export const invitePerson = operation({
  ...ofPeople,
  id: "invitePerson",
  method: "POST",
  path: "/v1/people",
  summary: "Invite a person to the console",
  description: "A caller gives only roles whose scopes it has. A role that pays or approves is proposed first.",
  reach: "own",
  body: z.strictObject({ email, name: personName, roles }),
  status: 201,
  response: invitedPerson,
  problems: ["scope_not_held", "email_taken"],
  idempotency: "accepted",
});

export const listPeople = operation({
  ...ofPeople,
  id: "listPeople",
  method: "GET",
  path: "/v1/people",
  summary: "List people, newest first",
  description: "Everybody who was invited to the console, with their roles.",
  reach: "platform",
  query: z.strictObject({ ...listQuery("the whole e-mail address, and the id"), ...merchantQuery }),
  status: 200,
  response: pageSchema(person),
  problems: ["invalid_query"],
});

export const getPerson = operation({
  ...ofPeople,
  id: "getPerson",
  method: "GET",
  path: "/v1/people/{id}",
  summary: "Read a person",
  description: "One person with their roles.",
  reach: "platform",
  params: idParam,
  status: 200,
  response: person,
  problems: ["not_found"],
});

export const updatePerson = operation({
  ...ofPeople,
  id: "updatePerson",
  method: "PATCH",
  path: "/v1/people/{id}",
  summary: "Change a person's name or roles",
  description: "Roles count from the next page on. A role that pays or approves is proposed first.",
  reach: "own",
  params: idParam,
  body: z.strictObject({ name: personName.optional(), roles: roles.optional() }),
  status: 200,
  response: person,
  problems: ["not_found", "scope_not_held", "wrong_state", "last_admin", "conflict"],
});

export const removePerson = operation({
  ...ofPeople,
  id: "removePerson",
  method: "POST",
  path: "/v1/people/{id}/remove",
  summary: "Remove a person",
  description: "Their sessions, links and passkeys end at once. What they did stays in the audit trail under their id.",
  reach: "platform",
  params: idParam,
  status: 200,
  response: removedPerson,
  problems: ["not_found", "wrong_state", "last_admin", "conflict"],
  idempotency: "accepted",
});

export const linkPerson = operation({
  ...ofPeople,
  id: "linkPerson",
  method: "POST",
  path: "/v1/people/{id}/link",
  summary: "Create a new sign-in link for a person",
  description:
    "Links made earlier end. Somebody who has signed in before gets one from the command line only: whoever has a link of another person could approve in their name.",
  reach: "own",
  params: idParam,
  status: 200,
  response: invitedPerson,
  problems: ["not_found", "wrong_state", "other_lineage", "scope_not_held"],
  idempotency: "accepted",
});

export const listSessions = operation({
  ...ofPeople,
  id: "listSessions",
  method: "GET",
  path: "/v1/people/{id}/sessions",
  summary: "List the sessions of a person that have not ended",
  description: "Where the person is signed in to the console now.",
  reach: "platform",
  params: idParam,
  status: 200,
  response: z.object({ data: z.array(session) }),
  problems: ["not_found"],
});

export const endSessions = operation({
  ...ofPeople,
  id: "endSessions",
  method: "POST",
  path: "/v1/people/{id}/end-sessions",
  summary: "End sessions of a person",
  description: "Signs the person out of the console: of one session, or of all.",
  reach: "platform",
  params: idParam,
  body: z.strictObject({
    session: z.string().max(64).optional().meta({
      description: "The id of one session. Default: all of them.",
      examples: ["ses_01kamcvdf2ej5s2k8sxw9ggk6u"],
    }),
  }),
  status: 200,
  response: z.object({ ended: z.int().meta({ examples: [1] }) }),
  problems: ["not_found"],
  idempotency: "accepted",
});
