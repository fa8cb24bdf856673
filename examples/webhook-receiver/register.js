// Tells Malipo where to send events, and prints the secret. Malipo shows it only this once.
//   node register.js http://127.0.0.1:3001/hooks/malipo
import process from "node:process";
import { Malipo } from "@malipo/client";

const malipo = new Malipo({
  baseUrl: process.env.MALIPO_URL ?? "http://127.0.0.1:8000",
  clientId: process.env.MALIPO_CLIENT_ID ?? "cli_demo",
  clientSecret: process.env.MALIPO_CLIENT_SECRET ?? "demo-secret",
});

const [url = "http://127.0.0.1:3001/hooks/malipo"] = process.argv.slice(2);
const endpoint = await malipo.webhookEndpoints.create({ url, events: ["checkout.succeeded", "checkout.review"] });
console.log(`MALIPO_WEBHOOK_SECRETS=${endpoint.secret}`);
