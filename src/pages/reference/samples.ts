import { clientCalls } from "./client-calls.ts";
import { curlOf } from "./curl.ts";
import { javascript, literal, type Notation, php, python } from "./literal.ts";
import type { SampleRequest } from "./request.ts";

/** A call in one language, ready to copy. */
export interface Sample {
  readonly language: "curl" | "Node" | "Python" | "PHP";
  readonly code: string;
}

/** Calls that the clients for Python and PHP name; every other one goes by their `call`. */
const NAMED: ReadonlySet<string> = new Set(["createCheckout", "getCheckout", "createPayout", "getPayout"]);
const KEY = "order-1001-1";

/** The call in every language that there is a client for. What no client calls, such as `/oauth/token`, has curl only. */
export function samplesOf(url: string, request: SampleRequest): readonly Sample[] {
  const curl: Sample = { language: "curl", code: curlOf(url, request) };
  const call = clientCalls[request.operationId];
  if (call === undefined) return [curl];
  return [
    curl,
    { language: "Node", code: nodeOf(call, request) },
    { language: "Python", code: pythonOf(request) },
    { language: "PHP", code: phpOf(request) },
  ];
}

function nodeOf(call: string, request: SampleRequest): string {
  const key = request.needsKey ? [{ idempotencyKey: KEY }] : [];
  const given = [...argumentsOf(request), ...key].map((one) => literal(one, javascript)).join(", ");
  return `import { Malipo } from "@malipo/client";

// reads MALIPO_URL, MALIPO_CLIENT_ID and MALIPO_CLIENT_SECRET
const malipo = new Malipo();
const answer = await malipo.${call}(${given});
console.log(answer);`;
}

/** What the method of the client takes: ids, then the body; some take a part of the body by itself. */
function argumentsOf({ operationId, ids, query, body }: SampleRequest): readonly unknown[] {
  const fields = { ...body?.value as Record<string, unknown> | undefined };
  if (operationId === "createPayoutBatch") return [fields.payouts];
  if (operationId === "noteAttention") return [...ids, fields.text];
  if (operationId === "sleepAttention") return [...ids, fields.hours];
  return [...ids, ...Object.values(query), ...(body === null ? [] : [body.value])];
}

function pythonOf(request: SampleRequest): string {
  const named = NAMED.has(request.operationId);
  const name = request.operationId.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const given = givenTo(named, request, python, (name) => `${name}=`, "idempotency_key");
  return `from malipo import Malipo

# reads MALIPO_URL, MALIPO_CLIENT_ID and MALIPO_CLIENT_SECRET
malipo = Malipo()
answer = malipo.${named ? name : "call"}(${given})
print(answer)`;
}

function phpOf(request: SampleRequest): string {
  const named = NAMED.has(request.operationId);
  const given = givenTo(named, request, php, (name) => `${name}: `, "idempotencyKey");
  return `<?php
require __DIR__ . '/Malipo.php';

// reads MALIPO_URL, MALIPO_CLIENT_ID and MALIPO_CLIENT_SECRET
$malipo = new Malipo\\Malipo();
$answer = $malipo->${named ? request.operationId : "call"}(${given});
print_r($answer);`;
}

/** The arguments of a named call, or of `call`: method, path, body, and what has a name. */
function givenTo(
  named: boolean,
  { method, path, ids, query, body, needsKey }: SampleRequest,
  notation: Notation,
  name: (argument: string) => string,
  keyName: string,
): string {
  const bodies = body === null ? [] : [body.value];
  const positional = named ? [...ids, ...bodies] : [method, path, ...bodies];
  return [
    ...positional.map((one) => literal(one, notation)),
    ...(Object.keys(query).length === 0 ? [] : [`${name("query")}${literal(query, notation)}`]),
    ...(needsKey ? [`${name(keyName)}${notation.text(KEY)}`] : []),
  ].join(", ");
}
