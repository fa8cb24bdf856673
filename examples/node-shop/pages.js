// The pages of the shop, as plain HTML.

const escape = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const page = (body, head = "") =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Coffee shop</title>${head}</head>
<body><h1>Coffee shop</h1>${body}</body></html>`;

/** The form to buy. The address holds the order id, so the same form sent twice is one order. */
export const formPage = (order, cents, problem) =>
  page(`<p>${escape(problem)}</p>
<form method="post" action="/orders/${order}">
  <p>A bag of coffee costs KES ${cents / 100}.</p>
  <label>M-Pesa phone number <input name="phone" type="tel" required placeholder="0712 345 678"></label>
  <button>Pay with M-Pesa</button>
</form>`);

/** The browser asks again every 2 seconds. */
export const waitingPage = () =>
  page("<p>Please enter your M-Pesa PIN on your phone.</p>", '<meta http-equiv="refresh" content="2">');

/** A payment that was seen by a query has no receipt yet. */
export const paidPage = (receipt) =>
  page(`<p>Thank you! Your coffee is paid.</p><p>M-Pesa receipt: ${escape(receipt ?? "it will follow")}</p>`);

export const failedPage = (reason) => page(`<p>This order is ${escape(reason)}.</p><p><a href="/">Start again</a></p>`);
