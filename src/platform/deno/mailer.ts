import type { Mailer } from "../ports.ts";

/** How long (ms) each step of a conversation with the server may take. Together they stay under the lease of a job. */
const STEP_MS = 8_000;

/**
 * Sends e-mail by SMTP. `url` is `smtp://user:password@host:port`, or `smtps:` for TLS from the start. The library is
 * loaded with the first message. Each message has a connection of its own, because they are rare. Errors: an `Error`
 * that names no password when the server did not take the message.
 */
export const createDenoMailer = (url: string): Mailer => ({
  async send(mail) {
    // @ts-types="./nodemailer.d.ts"
    const { createTransport } = await import("nodemailer");
    const limits = { connectionTimeout: STEP_MS, greetingTimeout: STEP_MS, socketTimeout: STEP_MS };
    const transport = createTransport(withLimits(url, limits));
    try {
      const { rejected } = await transport.sendMail(mail);
      if (rejected.length > 0) throw new Error("rejected");
    } catch (error) {
      const code = (error as { code?: unknown }).code; // of nodemailer, such as ECONNECTION or EAUTH
      throw new Error(`the mail server did not take the message (${typeof code === "string" ? code : "rejected"})`);
    } finally {
      transport.close();
    }
  },
});

/** nodemailer reads its options from the query of the URL. */
function withLimits(url: string, limits: Readonly<Record<string, number>>): string {
  const parsed = new URL(url);
  for (const [name, ms] of Object.entries(limits)) parsed.searchParams.set(name, String(ms));
  return parsed.href;
}
