import { html } from "hono/html";
import type { Child, FC } from "hono/jsx";
import type { Assets } from "../assets/assets.ts";
import type { Markup } from "../markup.ts";
import { kes } from "../pay/format.ts";
import { type Cart, type Product, products, totalOf } from "./catalogue.ts";
import { EventFeed, Phones } from "./counter.tsx";
import type { ShopEvent } from "./shop.ts";

/** The data that every page of the shop needs. */
export interface ShopView {
  readonly assets: Assets;
  readonly simulatorUrl: string;
  readonly events: readonly ShopEvent[];
  readonly subscribed: boolean;
}

/** The page with the products and the cart. */
export function shopPage(view: ShopView, cart: Cart, error: string | null): Markup {
  return html`<!DOCTYPE html>${(
    <Frame view={view} title="Demo shop">
      <section class="card stack">
        <h1>Demo Shop</h1>
        <p class="soft">
          A shop to try Malipo with. Nothing here is real: the money is the simulator's, and nothing is delivered.
        </p>
      </section>
      <ul class="products">{products.map((product) => <ProductCard product={product} />)}</ul>
      <CartCard cart={cart} error={error} />
    </Frame>
  )}`;
}

const ProductCard: FC<{ product: Product }> = ({ product }) => (
  <li class="card">
    <span class="picture">
      <svg
        viewBox="0 0 48 48"
        fill="none"
        stroke="currentColor"
        stroke-width="2.2"
        stroke-linejoin="round"
        stroke-linecap="round"
        aria-hidden="true"
      >
        <path d={product.picture} />
      </svg>
    </span>
    <h2>{product.name}</h2>
    <p class="soft">{product.about}</p>
    <form method="post" action="/demo/cart">
      <p class="price">{kes(product.price)}</p>
      <button type="submit" class="quiet" name="add" value={product.sku} aria-label={`Add to cart: ${product.name}`}>
        Add to cart
      </button>
    </form>
  </li>
);

const CartCard: FC<{ cart: Cart; error: string | null }> = ({ cart, error }) => (
  <section class="card stack" id="cart">
    <h2>Cart</h2>
    {cart.size === 0 && <p class="soft">Nothing yet. Add something above.</p>}
    {cart.size > 0 && (
      <>
        <ul class="lines">
          {products.filter(({ sku }) => cart.has(sku)).map((product) => (
            <CartItem product={product} count={cart.get(product.sku) ?? 0} />
          ))}
        </ul>
        <p class="sum-row">
          <span>Total</span> <span>{kes(totalOf(cart))}</span>
        </p>
        <form method="post" action="/demo/pay">
          <button type="submit">Pay with M-Pesa</button>
        </form>
      </>
    )}
    {error !== null && <p class="note bad" role="alert">{error}</p>}
  </section>
);

const CartItem: FC<{ product: Product; count: number }> = ({ product, count }) => (
  <li>
    <span>{product.name}</span>
    <form method="post" action="/demo/cart">
      <button
        type="submit"
        class="quiet small"
        name="remove"
        value={product.sku}
        aria-label={`One ${product.name} less`}
      >
        −
      </button>
      <span class="price">{count}</span>
      <button type="submit" class="quiet small" name="add" value={product.sku} aria-label={`One ${product.name} more`}>
        +
      </button>
    </form>
  </li>
);

/** The result with which a shopper returns. `forged`: the signature of the URL is missing, wrong or too old. */
export interface Outcome {
  readonly kind: "paid" | "unpaid" | "forged";
  readonly reference: string;
  readonly status: string;
  readonly payUrl: string | null;
}

/** The page for a shopper who returns from the hosted page. */
export function thanksPage(view: ShopView, { kind, reference, status, payUrl }: Outcome): Markup {
  const headings = { paid: "Thank you for your order", unpaid: "Not paid yet", forged: "We can't read this result" };
  return html`<!DOCTYPE html>${(
    <Frame view={view} title={headings[kind]}>
      <section class="card stack" id="outcome" data-outcome={kind}>
        <h1>{headings[kind]}</h1>
        {kind === "forged"
          ? (
            <p class="note bad">
              The signature of this address is missing, wrong or older than 10 minutes, so it proves nothing.
            </p>
          )
          : (
            <>
              <p>
                Order <strong>{reference}</strong> is <strong>{status}</strong>.
              </p>
              <p class="note good">
                The result was signed by Malipo for this shop, and checked against its public keys.
              </p>
            </>
          )}
        {payUrl !== null && <a class="button" href={payUrl}>Back to the payment</a>}
        <a class="button quiet" href="/demo">Back to the shop</a>
      </section>
    </Frame>
  )}`;
}

const Frame: FC<{ view: ShopView; title: string; children?: Child }> = ({ view, title, children }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title} – Malipo</title>
      <link rel="icon" href={view.assets.icon.path} type={view.assets.icon.type} />
      <link rel="stylesheet" href="/demo/shop.css" />
      <script src="/demo/shop.js" defer></script>
    </head>
    <body>
      <header class="top">
        <a class="brand" href="/demo">
          <img src={view.assets.icon.path} alt="" width="24" height="24" /> Demo Shop
        </a>
        <nav>
          <a href="/docs">API reference</a>{" "}
          <a href={`${view.simulatorUrl}/_simulator/`} target="_blank" rel="noreferrer">Handsets in a window</a>
        </nav>
      </header>
      <main class="shop">
        <div>{children}</div>
        <aside aria-label="Behind the counter">
          <EventFeed events={view.events} subscribed={view.subscribed} />
          <Phones simulatorUrl={view.simulatorUrl} />
        </aside>
      </main>
    </body>
  </html>
);
