import { createDenoOutbound } from "../../src/platform/deno.ts";

/** Run by outbound_test.ts with a certificate authority of its own: what becomes of a request by each name. */
const [cert = "", key = ""] = Deno.args.map((path) => Deno.readTextFileSync(path));
const secure = Deno.serve(
  { hostname: "127.0.0.1", port: 0, cert, key, onListen() {} },
  (request) => new Response(new URL(request.url).hostname),
);
const plain = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response("plain"));
const outbound = createDenoOutbound();

async function outcome(host: string, port: number): Promise<string> {
  const url = new URL(`https://${host}:${port}/`);
  const { signal } = new AbortController();
  try {
    const answer = await outbound.post({
      url,
      address: "127.0.0.1",
      headers: {},
      body: "{}",
      answerBytes: 100,
      signal,
    });
    return `${answer.status} of ${new TextDecoder().decode(answer.body)}`;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

const { port } = secure.addr;
console.log(JSON.stringify({
  "shop.example": await outcome("shop.example", port),
  "other.example": await outcome("other.example", port),
  "127.0.0.1": await outcome("127.0.0.1", port),
  plain: await outcome("shop.example", plain.addr.port),
}));
Deno.exit(0);
