import settings from "../../deno.json" with { type: "json" };

/** The version of the service, of its API and of its OpenAPI document. */
export const VERSION: string = settings.version;
