import { z } from "zod";
import { timestamp, version } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";

const status = z.enum(["active", "blocked"]);

export const outsideSubject = z.object({
  id: z.string().meta({ examples: ["ext_01kamcvdf2ej5s2k8sxw9ggk6s"] }),
  issuer: z.string().meta({ examples: ["https://login.example.com/realms/shop"] }),
  subject: z.string().meta({
    description: "Who it is, as the issuer's `sub` says.",
    examples: ["f3b0c442-98fc-4c14-9afb-f4c8996fb924"],
  }),
  status: status.meta({ description: "`blocked`: every token of this subject is refused (401 `token_revoked`)." }),
  blocked_at: timestamp.nullable().meta({ examples: [null] }),
  created_at: timestamp.meta({ description: "When a token of it was first seen." }),
  version,
}).meta({
  id: "OutsideSubject",
  description: "Somebody whose tokens an issuer of `AUTH_ISSUERS` makes. What it does is audited under `id`.",
});
export type OutsideSubjectView = z.infer<typeof outsideSubject>;

const TAG = "Clients";
const shared = {
  tag: TAG,
  scope: "operator",
  reach: "platform",
} as const;

export const listOutsideSubjects = operation({
  ...shared,
  id: "listOutsideSubjects",
  method: "GET",
  path: "/v1/outside-subjects",
  summary: "List subjects of outside issuers, newest first",
  description: "Who has called with a token of an outside issuer (`AUTH_ISSUERS`), and whether they are blocked.",
  query: z.strictObject({ ...listQuery("the id"), ...merchantQuery }),
  status: 200,
  response: pageSchema(outsideSubject),
  problems: ["invalid_query"],
});

export const blockOutsideSubject = operation({
  ...shared,
  id: "blockOutsideSubject",
  method: "POST",
  path: "/v1/outside-subjects/{id}/block",
  summary: "Block a subject of an outside issuer",
  description:
    "Its tokens are refused: for money and administration at once, for the rest within 5 seconds. Clients that it has made go on; revoke them too (`parent` of GET /v1/clients).",
  params: idParam,
  status: 200,
  response: outsideSubject,
  problems: ["not_found", "wrong_state"],
  idempotency: "accepted",
});

export const unblockOutsideSubject = operation({
  ...shared,
  id: "unblockOutsideSubject",
  method: "POST",
  path: "/v1/outside-subjects/{id}/unblock",
  summary: "Let a subject of an outside issuer act again",
  description: "Tokens of the subject are accepted again.",
  params: idParam,
  status: 200,
  response: outsideSubject,
  problems: ["not_found", "wrong_state"],
  idempotency: "accepted",
});
