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
    people: {
      summary: "invite people to the console, list them, change their roles, give a new link, remove",
      load: async () => (await import("./people.ts")).people,
    },
    shortcodes: {
      summary: "list, check and register paybills and tills",
      load: async () => (await import("./shortcodes.ts")).shortcodes,
    },
    payouts: {
      summary: "look at payouts, approve, reject or cancel them, pause them all",
      load: async () => (await import("./payouts.ts")).payouts,
    },
    listen: {
      summary: "print events as they happen, and forward them as signed webhooks",
      load: async () => (await import("./listen.ts")).listen,
    },
    trigger: {
      summary: "play a lost callback, a payment made twice and the like on the simulator",
      load: async () => (await import("./trigger.ts")).trigger,
    },
    explain: {
      summary: "tell the story of a payment in plain words",
      load: async () => (await import("./explain.ts")).explain,
    },
    receipt: {
      summary: "say whether a receipt is real",
      load: async () => (await import("./receipt.ts")).receipt,
    },
    logs: { summary: "show and filter the service's log", load: async () => (await import("./logs.ts")).logs },
    flags: {
      summary: "list and switch feature flags",
      load: async () => (await import("./flags.ts")).flags,
    },
    keys: {
      summary: "new keys for the environment, their states, and their rotation",
      load: async () => (await import("./keys.ts")).keys,
    },
    privacy: {
      summary: "export or erase what is held about a person",
      load: async () => (await import("./privacy.ts")).privacy,
    },
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
    timemachine: {
      summary: "replay stored notices through today's rules, and show what would differ",
      load: async () => (await import("./timemachine.ts")).timemachine,
    },
    doctor: {
      summary: "say what is wrong with this installation, and what to do",
      load: async () => (await import("./doctor.ts")).doctor,
    },
  },
  examples: ["listen --to http://localhost:3000/webhooks", "trigger callback-lost", "explain order-1001", "doctor"],
};

if (import.meta.main) await runTask(malipo, "deno task malipo");
