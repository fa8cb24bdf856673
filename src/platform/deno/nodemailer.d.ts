// The part of nodemailer that is used. Its own types pull in Node's, whose globals clash with the host's.
import type { Mail } from "../ports.ts";

export function createTransport(url: string): {
  sendMail(mail: Mail): Promise<{ readonly rejected: readonly unknown[] }>;
  close(): void;
};
