import { registeredShortcodes } from "../../src/cli/seed.ts";
import type { Services } from "../../src/context/context.ts";

/** Registers the demo paybill's C2B addresses with the simulator, as `deno task dev` does. */
export async function registerC2b(services: Services): Promise<void> {
  for (const { id, number } of registeredShortcodes) {
    const url = (kind: "c2b_validation" | "c2b_confirmation") =>
      `${services.config.server.publicUrl}/notify/${services.capabilities.mint(kind, id)}`;
    const { app } = await services.shortcodes.byId(id);
    const answer = await services.daraja.registerUrls(app, {
      version: "v2",
      shortcode: number,
      responseType: "Completed",
      confirmationUrl: url("c2b_confirmation"),
      validationUrl: url("c2b_validation"),
    });
    if (answer.outcome !== "accepted") throw new Error(`C2B addresses of ${number}: ${JSON.stringify(answer)}`);
  }
}
