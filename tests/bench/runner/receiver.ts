/** A shop that is told of events, and says yes to each at once; what comes to `/hang` gets no answer. */
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(JSON.stringify({ receiver: `http://127.0.0.1:${port}` })),
}, (request) => {
  if (new URL(request.url).pathname.startsWith("/hang")) return new Promise<Response>(() => {});
  return new Response("{}", { headers: { "content-type": "application/json" } });
});
