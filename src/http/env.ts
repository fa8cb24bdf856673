import type { Fields } from "../context/context.ts";
import type { Viewer } from "../context/viewer.ts";
import type { ClientAccess } from "../auth/client-access.ts";
import type { Principal } from "../auth/tokens.ts";

/** The values that middleware sets on Hono's context. */
export interface Env {
  Bindings: {
    /** The address that the connection comes from. */
    peer?: string | undefined;
  };
  Variables: {
    requestId: string;
    /** Whom the request counts for; see src/http/client-address.ts. */
    address: string;
    /** Headers of every answer; null once an answer has been built with them. */
    headers: Record<string, string> | null;
    /** Fields of this request's log line. */
    fields: Record<string, unknown>;
    principal: Principal;
    /** How the client of the token has to prove who it is. */
    access: ClientAccess;
    /** Who looks at a page of the console; set by its `requireViewer`. */
    viewer: Viewer;
    /** The fields of a form of the console, once it is known to come from one of our pages. */
    form: FormData;
    /** The text of the request's body; for a file, its SHA-256 in hex. */
    body: string;
    /** The bytes of a request's body that is a file, or may be signed. */
    file: Uint8Array<ArrayBuffer>;
  };
}

export const addFields = (into: Record<string, unknown>, fields: Fields): void => void Object.assign(into, fields);
