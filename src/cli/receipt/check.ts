import { z } from "zod";
import type { PublicKey } from "../../crypto/signing.ts";
import { CommandFailed, UsageError } from "../frame/command.ts";

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 4_194_304;

const keySet = z.object({
  keys: z.array(z.object({
    kty: z.literal("OKP"),
    crv: z.literal("Ed25519"),
    kid: z.string(),
    x: z.string(),
  })),
});
const state = z.object({ now: z.object({ state: z.string(), given_back: z.int() }).nullable() });

/** What became of the money of a receipt since; null where nobody could be asked. */
export type StateNow = z.output<typeof state>["now"];

/** What was given: the text itself, or what is in the file or at the address. Errors: {@link CommandFailed}. */
export async function readGiven(given: string, issuer: string, isOffline: boolean): Promise<string> {
  if (/^https?:\/\//i.test(given)) {
    if (given.includes("#")) return given; // the address of the QR code has all of it
    if (isOffline) throw new UsageError("An address without # has to be fetched, which --offline does not do.");
    if (URL.parse(given)?.origin !== URL.parse(issuer)?.origin) {
      throw new CommandFailed(`The address is not one of ${issuer}. Name another service with --url.`);
    }
    return await fetchText(given);
  }
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(given) && given.length > 200) return given;
  try {
    return await Deno.readTextFile(given);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || /name too long/i.test(String(error))) {
      throw new CommandFailed("There is no such file, and it is neither an address nor the text of a receipt.");
    }
    throw new CommandFailed(`The file can't be read: ${(error as Error).message}`);
  }
}

/** The public keys of the service: of a file, or as the service publishes them. Errors: {@link CommandFailed}. */
export async function keysOf(issuer: string, file: string | undefined): Promise<readonly PublicKey[]> {
  const text = file === undefined
    ? await fetchText(`${issuer}/.well-known/jwks.json`)
    : await Deno.readTextFile(file).catch((error: Error) => {
      throw new CommandFailed(`${file} can't be read: ${error.message}`);
    });
  const parsed = keySet.safeParse(jsonOf(text));
  if (!parsed.success) throw new CommandFailed(`${file ?? issuer} has no key set (JWKS) with Ed25519 keys.`);
  return parsed.data.keys.map((key) => ({ ...key, alg: "EdDSA", use: "sig" }));
}

/** What became of the money since; null where the service does not say. */
export async function askState(issuer: string, receipt: string): Promise<StateNow> {
  try {
    const response = await fetch(`${issuer}/r/verify`, {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams({ receipt }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const parsed = state.safeParse(jsonOf(await response.text()));
    return parsed.success ? parsed.data.now : null;
  } catch {
    return null;
  }
}

async function fetchText(url: string): Promise<string> {
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    if (response.ok && text.length <= MAX_BYTES) return text;
    throw new Error(`it answered ${response.status}`);
  } catch (error) {
    throw new CommandFailed(`${new URL(url).origin} could not be asked: ${(error as Error).message}`);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
