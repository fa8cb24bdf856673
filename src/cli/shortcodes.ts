import type { Shortcode } from "../client/mod.ts";
import { API_DETAILS, apiOptions, connect } from "./api/connect.ts";
import { command, type Group } from "./frame/command.ts";
import type { Output } from "./frame/output.ts";

const row = ({ id, number, kind, name, default: standard }: Shortcode) => ({
  id,
  number,
  kind,
  name,
  default: standard,
});

const list = command({
  summary: "lists the merchant's paybills and tills",
  options: apiOptions,
  async run({ options, out }) {
    const found: Shortcode[] = [];
    for await (const shortcode of connect(options, "cli_demo").malipo.shortcodes.list({ limit: 100 })) {
      found.push(shortcode);
    }
    out.table(found.map(row), "There is no shortcode yet. POST /v1/shortcodes adds one.");
  },
});

const get = command({
  summary: "shows one, without its secrets",
  words: ["ID"],
  options: apiOptions,
  async run({ words: [id = ""], options, out }) {
    const found = await connect(options, "cli_demo").malipo.shortcodes.get(id);
    out.record(found, JSON.stringify(found, null, 2));
  },
});

const check = command({
  summary: "asks Daraja whether its credentials, passkey and certificate work; moves no money",
  words: ["ID"],
  options: apiOptions,
  async run({ words: [id = ""], options, out }) {
    const { checks } = await connect(options, "cli_demo").malipo.shortcodes.check(id);
    out.record(checks, checks.map((one) => checkLine(one, out)).join("\n"));
    return checks.some(({ ok }) => ok === false) ? 1 : 0;
  },
});

interface Checked {
  readonly check: string;
  readonly ok: boolean | null;
  readonly detail: string;
  readonly remedy: string | null;
}

function checkLine({ check, ok, detail, remedy }: Checked, { paint }: Output): string {
  const mark = ok === null ? paint.dim("-   ") : ok ? paint.green("ok  ") : paint.red("fail");
  return `${mark} ${check.padEnd(14)} ${detail}${remedy === null ? "" : `\n     ${"".padEnd(14)} -> ${remedy}`}`;
}

const register = command({
  summary: "registers its C2B addresses at Daraja, so that paybill payments arrive",
  words: ["ID"],
  options: apiOptions,
  async run({ words: [id = ""], options, out }) {
    await connect(options, "cli_demo").malipo.shortcodes.registerUrls(id);
    out.say("Registered. Daraja confirms and validates paybill payments with this service now.");
  },
});

/** `shortcodes`: paybills and tills. */
export const shortcodes: Group = {
  summary: "the merchant's paybills and tills",
  details: API_DETAILS,
  commands: { list, get, check, register },
  examples: ["list", "check sho_01kamcvd000000000000000001"],
};
