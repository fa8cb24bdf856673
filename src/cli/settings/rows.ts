import type { z } from "zod";
import { settingGroups, settingHelp } from "../../config/setting-help.ts";
import { type Settings, settings } from "../../config/settings.ts";

/** One setting in every situation. Defaults are texts as the environment would hold them; null: there is none. */
export interface SettingRow {
  readonly name: string;
  readonly group: keyof typeof settingGroups;
  readonly meaning: string;
  readonly unit: string | null;
  /** What is accepted with `APP_ENV=production`. */
  readonly accepted: string;
  readonly secret: boolean;
  /** Of `deno task dev`. */
  readonly development: string | null;
  /** Of `deno task start` with `APP_ENV` staging or production. */
  readonly production: string | null;
  /** Who refuses to start without it; null: nobody. */
  readonly requiredBy: "start" | "production" | null;
}

const development = settings({ values: {}, strict: false, embedded: true });
const start = settings({ values: {}, strict: false, embedded: false });
const production = settings({ values: {}, strict: true, embedded: false });

const isRequired = (schema: z.ZodType): boolean => !schema.safeParse(undefined).success;

function defaultOf(schema: z.ZodType): string | null {
  const { default: text } = schema.meta() ?? {};
  return typeof text === "string" ? text : null;
}

function rowOf(name: keyof Settings): SettingRow {
  const { group, meaning, unit, secret } = settingHelp[name];
  return {
    name,
    group,
    meaning,
    unit: unit ?? null,
    accepted: production[name].description ?? "",
    secret: secret === true,
    development: defaultOf(development[name]),
    production: defaultOf(production[name]),
    requiredBy: isRequired(start[name]) ? "start" : isRequired(production[name]) ? "production" : null,
  };
}

const names = Object.keys(production) as (keyof Settings)[]; // the keys of the shape

export interface SettingGroup {
  readonly group: string;
  readonly title: string;
  readonly rows: readonly SettingRow[];
}

/** All settings, in the order of the groups. */
export const settingsByGroup: readonly SettingGroup[] = Object.entries(settingGroups).map(([group, title]) => ({
  group,
  title,
  rows: names.map(rowOf).filter((row) => row.group === group),
}));
