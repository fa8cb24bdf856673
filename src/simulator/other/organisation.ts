import { oneOf, shortcodeField } from "../core/fields.ts";
import type { Call } from "../core/operation.ts";
import { invalid, ok, type Reply } from "../core/reply.ts";

/** `POST /sfcverify/v1/query/info` (daraja.md section 7.11): the name behind a paybill or till. */
export function queryOrganisation({ fields, world }: Call): Reply {
  oneOf(fields, "IdentifierType", ["2", "4"]);
  const found = world.accounts.find(shortcodeField(fields, "Identifier"));
  if (found === undefined) throw invalid("Identifier");
  return ok({
    ConversationID: world.ids.conversation(),
    ResponseCode: "4000",
    ResponseMessage: "Success",
    OrganizationShortCode: found.number,
    OrganizationName: found.name,
    ChargeProfileID: "1",
  });
}
