import { extract, find } from "../../rehearse/release.ts";
import { bundled } from "../sabotage/bundle.ts";
import type * as Release from "./release.ts";

/**
 * The service as it stood at a commit, as a module of its own; null: at the last commit that had fewer migrations. It runs
 * with the packages of today. Errors: when git does not know the commit, or when it lacks what a simulated process needs.
 */
export async function releaseBefore(from: string | null): Promise<typeof Release> {
  const path = await extract(await find(from));
  try {
    const entry = await Deno.readTextFile(new URL("./release.ts", import.meta.url)); // older ones may have none
    await Deno.mkdir(`${path}/tests/simulate/service`, { recursive: true });
    await Deno.writeTextFile(`${path}/tests/simulate/service/release.ts`, entry);
    return await bundled(new URL(`file://${path}/`));
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}
