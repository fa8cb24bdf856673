import assert from "node:assert/strict";
import { clientCalls } from "../../src/pages/reference/client-calls.ts";
import { callsOf } from "../../src/pages/reference/places.ts";
import { requestOf, type SampleRequest } from "../../src/pages/reference/request.ts";
import { samplesOf } from "../../src/pages/reference/samples.ts";
import { FakeService } from "../client/support.ts";
import { document } from "../support/document.ts";

const url = "https://pay.shop.example";
const requests = document.tags.flatMap(({ name }) => callsOf(document, name)).map((call) => requestOf(document, call));
const codeOf = (request: SampleRequest, language: string): string =>
  samplesOf(url, request).find((one) => one.language === language)?.code ?? "";
const called = requests.filter(({ operationId }) => clientCalls[operationId] !== undefined);

/** Runs the lines after `new Malipo()` with a client whose service keeps what it is asked. */
async function play(code: string): Promise<Request> {
  const service = new FakeService([() => Response.json({ data: [], next_cursor: null })]);
  const malipo = service.client();
  const body = code.slice(code.indexOf("const answer"), code.indexOf("console.log"));
  await new Function("malipo", `return (async () => { ${body} })()`)(malipo);
  assert.equal(service.requests.length, 1, code);
  return service.requests[0] ?? assert.fail();
}

Deno.test("the Node sample of each operation makes the call of its page", async () => {
  assert.deepEqual(Object.keys(clientCalls).sort(), called.map(({ operationId }) => operationId).sort());
  for (const request of called) {
    const made = await play(codeOf(request, "Node"));
    const { pathname, searchParams } = new URL(made.url);
    assert.deepEqual([made.method, pathname], [request.method, request.path], request.operationId);
    assert.deepEqual(Object.fromEntries(searchParams), request.query, request.operationId);
    const sent = await made.text();
    if (request.body !== null) assert.deepEqual(JSON.parse(sent), request.body.value, request.operationId);
    if (request.needsKey) assert.equal(made.headers.get("idempotency-key"), "order-1001-1", request.operationId);
  }
});

const commands = { python3: ["-c", PYTHON()], php: ["-r", PHP()] } as const;

/** Reads samples from stdin as JSON, runs each with a client that keeps its call, and prints what was called. */
function PYTHON(): string {
  return `
import importlib, json, sys
sys.path.insert(0, "src/client-python")
sys.dont_write_bytecode = True
module = importlib.import_module("malipo")
class Kept(module.Malipo):
    def __init__(self): pass
    def call(self, method, path, body=None, *, query=None, idempotency_key=None):
        made.append([method, path, body, query, idempotency_key])
module.Malipo = Kept
made = []
out, sys.stdout = sys.stdout, open("/dev/null", "w")
for code in json.load(sys.stdin): exec(code, {})
print(json.dumps(made), file=out)`;
}

function PHP(): string {
  return `
namespace Malipo;
class Malipo {
  public function call($method, $path, $body = null, $query = null, $idempotencyKey = null) {
    $GLOBALS['made'][] = [$method, $path, $body, $query, $idempotencyKey];
  }
  public function createCheckout($body, $idempotencyKey = null) { $this->call('POST', '/v1/checkouts', $body, idempotencyKey: $idempotencyKey); }
  public function getCheckout($id) { $this->call('GET', "/v1/checkouts/$id"); }
  public function createPayout($body, $idempotencyKey) { $this->call('POST', '/v1/payouts', $body, idempotencyKey: $idempotencyKey); }
  public function getPayout($id) { $this->call('GET', "/v1/payouts/$id"); }
}
ob_start();
foreach (json_decode(stream_get_contents(STDIN), true) as $code) {
  eval(preg_replace('/^<[?]php\\nrequire .*\\n/', '', $code));
}
ob_end_clean();
echo json_encode($GLOBALS['made']);`;
}

for (const [command, language] of [["python3", "Python"], ["php", "PHP"]] as const) {
  const exists = await new Deno.Command(command, { args: ["--version"], stdout: "null" }).output()
    .then(({ success }) => success, () => false);
  Deno.test({
    name: `the ${language} sample of each operation makes the call of its page`,
    ignore: !exists,
    async fn() {
      const child = new Deno.Command(command, {
        args: [...commands[command]],
        cwd: new URL("../../", import.meta.url),
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(JSON.stringify(called.map((one) => codeOf(one, language)))));
      await writer.close();
      const { success, stdout, stderr } = await child.output();
      const [said, wrong] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      assert.ok(success, `${wrong}${said}`);
      const made: unknown[] = JSON.parse(said ?? "");
      const expected = called.map(({ method, path, query, body, needsKey }) => [
        method,
        path,
        body?.value ?? null,
        Object.keys(query).length === 0 ? null : query,
        needsKey ? "order-1001-1" : null,
      ]);
      // PHP has one empty array for lists and objects; its client sends it as an object
      const written = JSON.stringify(expected);
      assert.deepEqual(made, JSON.parse(command === "php" ? written.replaceAll("{}", "[]") : written));
    },
  });
}

Deno.test("every call has curl, and one that takes a body has an example of it", () => {
  for (const request of requests) {
    assert.match(codeOf(request, "curl"), /^curl /, request.operationId);
    if (request.body?.type === "application/json") assert.notEqual(request.body.value, undefined, request.operationId);
  }
});
