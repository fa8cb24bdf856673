import { encode } from "uqr";
import { amountField, required, text } from "../core/fields.ts";
import type { Call } from "../core/operation.ts";
import { DarajaError, ok, type Reply } from "../core/reply.ts";
import { pngOf } from "./png.ts";

const DEFAULT_PIXELS = 300;

/**
 * `POST /mpesa/qrcode/v1/generate` (daraja.md section 7.6): a PNG of `Size` pixels. What Safaricom writes into it is not
 * public; ours holds the fields of the request. Its proxy answers wrong input with the code "400".
 */
export async function generateQr({ fields, world }: Call): Promise<Reply> {
  let size = DEFAULT_PIXELS;
  try {
    required(fields, "MerchantName");
    required(fields, "RefNo");
    amountField(fields, "Amount", 1, 250_000);
    required(fields, "TrxCode", /^(BG|WA|PB|SM|SB)$/);
    required(fields, "CPI", /^\d{5,12}$/);
    if (text(fields, "Size") !== undefined) size = Number(required(fields, "Size", /^([1-9]\d{1,2}|1\d{3})$/));
  } catch (error) {
    if (error instanceof DarajaError) throw new DarajaError(400, "400", error.message);
    throw error;
  }
  const words = ["MerchantName", "TrxCode", "CPI", "RefNo", "Amount"].map((name) => text(fields, name)).join("|");
  return ok({
    ResponseCode: "00",
    RequestID: world.ids.group(),
    ResponseDescription: "The service request is processed successfully.",
    QRCode: (await pngOf(encode(words).data, size)).toBase64(),
  });
}
