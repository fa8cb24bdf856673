import { taskOptions } from "./frame/task.ts";
import { envExample } from "./settings/env-example.ts";
import { settingsTable } from "./settings/table.ts";

/** The files that show all settings, by their path in the repository. */
export const settingFiles = (): Readonly<Record<string, string>> => ({
  "docs/settings.md": settingsTable(),
  ".env.example": envExample(),
});

/** `deno task settings`: writes the table of settings and the example of an environment file. */
if (import.meta.main) {
  taskOptions("deno task settings", { summary: "writes docs/settings.md and .env.example from the code" });
  for (const [path, text] of Object.entries(settingFiles())) {
    await Deno.writeTextFile(new URL(`../../${path}`, import.meta.url), text);
    console.log(`${path} is up to date.`);
  }
}
