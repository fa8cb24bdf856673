import type { SampleRequest } from "./request.ts";

/** The curl command of a call. `$TOKEN` stands for the access token, `url` is the address of the service. */
export function curlOf(url: string, { method, path, query, body, needsKey, access }: SampleRequest): string {
  const asked = new URLSearchParams(query).toString();
  const address = asked === "" ? `${url}${path}` : `"${url}${path}?${asked}"`;
  const lines = [`curl ${method === "GET" ? "" : `-X ${method} `}${address}`];
  if (access === "token") lines.push(`-H "Authorization: Bearer $TOKEN"`);
  if (access === "secret") lines.push("-u $CLIENT_ID:$CLIENT_SECRET");
  if (needsKey) lines.push(`-H "Idempotency-Key: order-1001-1"`);
  if (body !== null) lines.push(...bodyOf(body.type, body.value));
  return lines.join(" \\\n  ");
}

function bodyOf(type: string, value: unknown): string[] {
  if (type === "application/x-www-form-urlencoded") {
    return Object.entries(value as Record<string, string>).map(([name, text]) => `-d ${name}="${text}"`);
  }
  if (type !== "application/json") return [`-H "Content-Type: ${type}"`, "--data-binary @file"];
  const text = JSON.stringify(value, null, 2).replaceAll("'", "'\\''").replaceAll("\n", "\n  ");
  return [`-H "Content-Type: application/json"`, `-d '${text}'`];
}
