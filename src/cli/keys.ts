import { formatKeyring, newRingKey } from "../crypto/keyring.ts";
import { newSigningKey } from "../crypto/signing.ts";
import { command, type Group } from "./frame/command.ts";
import { runTask } from "./frame/main.ts";

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
    out.record(made, Object.entries(made).map(([name, value]) => `${name}='${value}'`).join("\n"));
  },
});

/** `keys`: the keys of the service. */
export const keys: Group = {
  summary: "the keys of the service",
  commands: { new: fresh },
  default: "new",
};

if (import.meta.main) await runTask(keys, "deno task keys");
