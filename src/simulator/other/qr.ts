import { amountField, required, text } from "../core/fields.ts";
import type { Call } from "../core/operation.ts";
import { DarajaError, ok, type Reply } from "../core/reply.ts";

/** A small image that looks like a QR code. No phone can read it. */
const PLACEHOLDER_PNG =
  "iVBORw0KGgoAAAANSUhEUgAAABUAAAAVAQAAAACBbJg7AAAAN0lEQVR42mNg/MPOUPv3O4PrX3E4BvFB4v///2f4v+0+w38GdgiN" +
  "xGYE4log2xVIgzGQXQsRBwARKiQRQTepKwAAAABJRU5ErkJggg==";

/** `POST /mpesa/qrcode/v1/generate` (daraja.md section 7.6). Its proxy answers wrong input with the code "400". */
export function generateQr({ fields, world }: Call): Reply {
  try {
    required(fields, "MerchantName");
    required(fields, "RefNo");
    amountField(fields, "Amount", 1, 250_000);
    required(fields, "TrxCode", /^(BG|WA|PB|SM|SB)$/);
    required(fields, "CPI", /^\d{5,12}$/);
    if (text(fields, "Size") !== undefined) required(fields, "Size", /^[1-9]\d{1,3}$/);
  } catch (error) {
    if (error instanceof DarajaError) throw new DarajaError(400, "400", error.message);
    throw error;
  }
  return ok({
    ResponseCode: "00",
    RequestID: world.ids.group(),
    ResponseDescription: "The service request is processed successfully.",
    QRCode: PLACEHOLDER_PNG,
  });
}
