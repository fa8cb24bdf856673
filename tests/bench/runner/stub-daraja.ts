/**
 * Stands for Daraja where its time is to be left aside: every call is answered at once by the same bytes. Started as the
 * stand's simulator.
 */
const token = JSON.stringify({ access_token: "stub", expires_in: "3599" });
const accepted = JSON.stringify({
  MerchantRequestID: "5f0a-4e3c-8a2b-1d9e7c6b5a4f1",
  CheckoutRequestID: "ws_CO_24112026153800000712345678",
  ResponseCode: "0",
  ResponseDescription: "Success. Request accepted for processing",
  CustomerMessage: "Success. Request accepted for processing",
});
const headers = { "content-type": "application/json" };

Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(JSON.stringify({ simulator: `http://127.0.0.1:${port}` })),
}, (request) => new Response(request.method === "GET" ? token : accepted, { headers }));
