/** A product of the demo shop. `price` is in cents of KES. */
export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly about: string;
  readonly price: number;
  /** The path of an SVG picture of 48 by 48 units. */
  readonly picture: string;
}

export const products: readonly Product[] = [
  {
    sku: "coffee",
    name: "Nyeri coffee",
    about: "250 g, roasted on Tuesday",
    price: 65_000,
    picture:
      "M10 18h22v12a9 9 0 0 1-9 9h-4a9 9 0 0 1-9-9ZM32 21h3a5 5 0 0 1 0 10h-3M16 12c-2-2 2-3 0-6m8 6c-2-2 2-3 0-6",
  },
  {
    sku: "kiondo",
    name: "Kiondo basket",
    about: "Sisal, woven by hand in Machakos",
    price: 180_000,
    picture: "M8 20h32l-4 20H12ZM15 20c0-18 18-18 18 0M9.500 27h29M11 34h26",
  },
  {
    sku: "leso",
    name: "Leso",
    about: "Cotton, with a saying on it",
    price: 90_000,
    picture: "M8 10h32v28H8ZM13 15h22v18H13ZM24 18l5 6-5 6-5-6Z",
  },
];

/** The cart: the number of pieces by sku. */
export type Cart = ReadonlyMap<string, number>;

const MAX_PIECES = 9;

/** Reads the cart from the text of its cookie, such as `coffee.1-leso.2`. Parts that are not valid are left out. */
export function readCart(text: string | undefined): Cart {
  const cart = new Map<string, number>();
  for (const part of (text ?? "").slice(0, 200).split("-")) {
    const [sku = "", count = ""] = part.split(".");
    if (products.some((p) => p.sku === sku) && /^[1-9]$/.test(count)) cart.set(sku, Number(count));
  }
  return cart;
}

export const writeCart = (cart: Cart): string => [...cart].map(([sku, count]) => `${sku}.${count}`).join("-");

/** The cart with one piece of a product more (`by` 1) or fewer (-1). */
export function change(cart: Cart, sku: string, by: 1 | -1): Cart {
  if (!products.some((p) => p.sku === sku)) return cart;
  const next = new Map(cart);
  const count = Math.min(MAX_PIECES, (cart.get(sku) ?? 0) + by);
  if (count <= 0) next.delete(sku);
  else next.set(sku, count);
  return next;
}

/** The total of the cart in cents. */
export const totalOf = (cart: Cart): number =>
  products.reduce((sum, { sku, price }) => sum + price * (cart.get(sku) ?? 0), 0);
