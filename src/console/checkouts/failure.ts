import type { CheckoutView } from "../../domain/checkouts/contract.ts";
import { reasonText } from "../kit/failures.ts";
import type { Look } from "../kit/visit.ts";

/** Why a checkout is not paid, in a few words. Empty: nothing failed. */
export const failureText = ({ last_failure }: CheckoutView, { language }: Pick<Look, "language">): string =>
  last_failure === null ? "" : reasonText(last_failure.code, language);
