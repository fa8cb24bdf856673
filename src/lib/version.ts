import settings from "../../deno.json" with { type: "json" };

/** The one version: of the service, its API and its document. */
export const version: string = settings.version;
