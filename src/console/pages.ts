import { checkoutPages } from "./checkouts/pages.tsx";
import type { Page } from "./kit/page.ts";
import { paymentPages } from "./payments/pages.tsx";

/** Every page of the console, in the order of the menu. A page exists by its line here, and so do its tests. */
export const pages: readonly Page[] = [
  ...paymentPages,
  ...checkoutPages,
];
