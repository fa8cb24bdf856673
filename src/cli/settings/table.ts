import { type SettingRow, settingsByGroup } from "./rows.ts";

const introduction = `# Settings

Every setting is an environment variable. This page is written by \`deno task settings\` from \`src/config/settings.ts\` and
\`src/config/setting-help.ts\`; a test fails when it is out of date. [.env.example](../.env.example) holds the same
settings as a file to fill in.

- **Development** is the default of \`deno task dev\`, with the simulator and the embedded stores. Nothing is required.
- **Production** is the default of \`deno task start\` with \`APP_ENV\` \`staging\` or \`production\`.
- **Required by** \`start\`: \`deno task start\` does not start without it, in any environment. Required by production: only
  with \`APP_ENV\` \`staging\` or \`production\`; with \`development\` or \`test\` the default of development counts (\`KV_PATH\`
  has none there).
- **Accepted** is what production accepts. Development and test also accept \`http:\` origins, this machine as Daraja, and
  the published development keys.

An empty value counts as not set. When a setting is missing or wrong, the process names all of them at once and exits
with code 1. Amounts are whole shillings here, and cents everywhere else.
`;

const HEADINGS = ["Setting", "Meaning", "Accepted", "Unit", "Development", "Production", "Required by"];

const code = (text: string): string => `\`${text}\``;

function defaultIn(row: SettingRow, text: string | null): string {
  if (text === null) return "-";
  return row.secret ? "a published key" : code(text);
}

const cellsOf = (row: SettingRow): string[] => [
  code(row.name),
  row.meaning,
  row.accepted,
  row.unit ?? "-",
  defaultIn(row, row.development),
  defaultIn(row, row.production),
  row.requiredBy === null ? "-" : row.requiredBy === "start" ? code("start") : "production",
];

/** A table as `deno fmt` writes it: each column as wide as its longest cell. */
function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = HEADINGS.map((heading, i) => Math.max(heading.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  return [line(HEADINGS), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** The text of docs/settings.md. */
export function settingsTable(): string {
  const sections = settingsByGroup.map(({ title, rows }) => `## ${title}\n\n${tableOf(rows.map(cellsOf))}\n`);
  return [introduction, ...sections].join("\n");
}
