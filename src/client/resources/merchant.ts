import type { CallOptions, ChangeOptions, Transport } from "../transport.ts";
import type { Merchant as MerchantView, UpdateMerchant } from "../types.ts";

/** Your own merchant: how customers see it, and its rules. */
export class Merchant {
  constructor(readonly transport: Transport, readonly path: string) {}

  /** A token of any scope does. */
  get(options?: CallOptions): Promise<MerchantView> {
    return this.transport.get(this.path, {}, options);
  }

  /** Needs `operator`. Errors: `validation_failed`, `conflict`. */
  update(body: UpdateMerchant, options?: ChangeOptions): Promise<MerchantView> {
    return this.transport.patch(this.path, body, options);
  }
}
