// Receives webhooks from Malipo: verifies the signature, and acts on each event once.
import { Buffer } from "node:buffer";
import { createServer } from "node:http";
import process from "node:process";
import { isMalipoError, verifyWebhook } from "@malipo/client";
import { EventLog } from "./event-log.js";

// One secret; two with a space between while you rotate.
const secrets = (process.env.MALIPO_WEBHOOK_SECRETS ?? "").split(" ").filter((secret) => secret !== "");
if (secrets.length === 0) {
  console.error("Set MALIPO_WEBHOOK_SECRETS. `node register.js URL` prints it.");
  process.exit(1);
}
const log = await EventLog.open(process.env.EVENTS_FILE ?? "events.jsonl");

/** What your shop does with an event. It is called once for each event id. */
function act(event) {
  if (event.type === "checkout.succeeded") console.log(`deliver ${event.data.reference}`);
  else console.log(`noted ${event.type} ${event.subject}`);
}

/** Answers the status: 2xx says "never send it again", anything else "send it again later". */
async function receive(request) {
  if (request.method !== "POST" || request.url !== "/hooks/malipo") return 404;
  const body = await bodyOf(request);
  if (body === null) return 413;
  let event;
  try {
    event = await verifyWebhook(body, request.headers, secrets); // the bytes as they came, not parsed before
  } catch (error) {
    if (isMalipoError(error, "signature_invalid")) return 400;
    throw error;
  }
  if (await log.add(event)) act(event);
  return 204;
}

const LARGEST = 1_000_000; // bytes

/** The bytes of the body; null when there are too many. */
async function bodyOf(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > LARGEST) return null;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

const server = createServer(async (request, response) => {
  const status = await receive(request).catch((error) => {
    console.error(error);
    return 500; // it was not stored, so Malipo must send it again
  });
  response.writeHead(status).end();
});

server.listen(Number(process.env.PORT ?? 3001), "127.0.0.1", () => {
  console.log(`Listening for webhooks: http://127.0.0.1:${server.address().port}/hooks/malipo`);
});
process.on("SIGTERM", () => server.close(() => process.exit(0)));
