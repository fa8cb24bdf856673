import { type SettingRow, settingsByGroup } from "./rows.ts";

const WIDTH = 116;

const introduction =
  `# The settings of \`deno task start\`, for a file named .env. Written by \`deno task settings\`; docs/settings.md
# explains the same settings as a table. \`deno task dev\` needs none of them.
#
#   cp .env.example .env && deno task keys    # paste the keys below, and fill in the other empty lines
#   deno task --env-file=.env start
#
# A line that begins with a name and ends with "=" must be filled in. A line behind "#" shows the default of production;
# remove the "# " to change it. Never commit the file that you have filled in.
`;

/** A comment of as many lines as it needs. */
function comment(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.map((line) => `# ${line}`).join("\n");
}

function entryOf({ name, meaning, accepted, unit, production, requiredBy }: SettingRow): string {
  const explained = `${meaning}${unit === null ? "" : ` Unit: ${unit}.`} Accepted: ${accepted}.`;
  const line = requiredBy === null ? `# ${name}=${production ?? ""}` : `${name}=`;
  return `${comment(explained)}\n${line}\n`;
}

/** The text of .env.example. */
export function envExample(): string {
  const groups = settingsByGroup.filter(({ group }) => group !== "simulator"); // `start` has none
  const sections = groups.map(({ title, rows }) => `# ---- ${title} ----\n\n${rows.map(entryOf).join("\n")}`);
  return [introduction, ...sections].join("\n");
}
