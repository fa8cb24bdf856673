import type { Group } from "./frame/command.ts";
import { runTask } from "./frame/main.ts";

/** `deno task malipo`: the command line. A command is loaded when it is called, so that help comes at once. */
export const malipo: Group = {
  summary: "the command line of Malipo",
  commands: {
    merchants: {
      summary: "create, list, rename, disable and enable merchants",
      load: async () => (await import("./merchants.ts")).merchants,
    },
    clients: {
      summary: "create, list and revoke the clients of a merchant",
      load: async () => (await import("./clients.ts")).clients,
    },
    keys: { summary: "new keys for the environment", load: async () => (await import("./keys.ts")).keys },
    audit: {
      summary: "say whether the audit trail was changed",
      load: async () => (await import("./audit.ts")).audit,
    },
    migrate: {
      summary: "bring the schema of the database to this release, or back",
      load: async () => (await import("./migrate.ts")).migrate,
    },
    backup: {
      summary: "copy the database while the service runs",
      load: async () => (await import("./backup.ts")).backup,
    },
    restore: {
      summary: "put a backup in the place of the database",
      load: async () => (await import("./restore.ts")).restore,
    },
    replay: {
      summary: "compare the payments with what their notices say",
      load: async () => (await import("./replay.ts")).replay,
    },
    doctor: {
      summary: "say what is wrong with this installation, and what to do",
      load: async () => (await import("./doctor.ts")).doctor,
    },
  },
  examples: ["doctor", "merchants create Duka la Mama"],
};

if (import.meta.main) await runTask(malipo, "deno task malipo");
