import type { Fields } from "../context/context.ts";
import type { Principal } from "../auth/tokens.ts";

/** What the middleware leaves for those after it. */
export interface Env {
  Variables: {
    requestId: string;
    /** What every answer carries; null once there is one that has them. */
    headers: Record<string, string> | null;
    fields: Record<string, unknown>;
    principal: Principal;
    body: string;
  };
}

export const addFields = (into: Record<string, unknown>, fields: Fields): void => void Object.assign(into, fields);
