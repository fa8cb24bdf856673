/** A shop that is told of events, and says yes to each at once. */
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(JSON.stringify({ receiver: `http://127.0.0.1:${port}` })),
}, () => new Response("{}", { headers: { "content-type": "application/json" } }));
