import { formatKeyring, newRingKey } from "../crypto/keyring.ts";
import { newSigningKey } from "../crypto/signing.ts";
import { command, type Group } from "./frame/command.ts";
import { runTask } from "./frame/main.ts";
import { newDatabaseToken } from "./keys/database-token.ts";

/** Lines for a file of settings. */
const lines = (made: Readonly<Record<string, string>>): string =>
  Object.entries(made).map(([name, value]) => `${name}='${value}'`).join("\n");

const fresh = command({
  summary: "prints new keys as lines for the environment",
  details: "To rotate a key by hand, put the new one before the old ones in the same variable.",
  async run({ out }) {
    const id = new Date().toISOString().slice(0, 10);
    const made = {
      SIGNING_KEYS: JSON.stringify([await newSigningKey(id)]),
      ENCRYPTION_KEYS: formatKeyring([newRingKey(id)]),
      CALLBACK_SECRETS: formatKeyring([newRingKey(id)]),
    };
    out.record(made, lines(made));
  },
});

const database = command({
  summary: "prints a token for a libSQL server of your own (sqld), and the public key for the server",
  details: "The private key is kept nowhere. To replace the token, make a new pair and restart both.",
  async run({ out }) {
    const { token, publicKey } = await newDatabaseToken();
    const made = { DATABASE_AUTH_TOKEN: token, SQLD_AUTH_JWT_KEY: publicKey };
    out.record(made, lines(made));
  },
});

/** `keys`: the keys of the service. */
export const keys: Group = {
  summary: "the keys of the service",
  commands: {
    new: fresh,
    database,
    // loaded only when called: `new` needs no permission
    rotate: {
      summary: "print the next step of the rotation of a ring, or why it has to wait",
      load: async () => (await import("./keys/commands.ts")).rotate,
    },
    status: {
      summary: "list the keys with their states, and which processes know them",
      load: async () => (await import("./keys/commands.ts")).status,
    },
  },
  default: "new",
};

if (import.meta.main) await runTask(keys, "deno task keys");
