import type { SimulatedShortcode } from "../options.ts";
import type { Ids } from "./ids.ts";

const TOKEN_LIFETIME_MS = 3_600_000;

/** One Daraja app: a consumer key, the shortcodes it serves, and at most one valid token. */
export interface App {
  readonly key: string;
  readonly secret: string;
  readonly shortcodes: SimulatedShortcode[];
  token: string | undefined;
  /** ms since the epoch. */
  tokenExpiresAt: number;
}

/** The apps and their tokens. A new token makes the previous one invalid (daraja.md section 1). */
export class Apps {
  readonly #byKey = new Map<string, App>();
  readonly #byToken = new Map<string, App>();

  constructor(
    shortcodes: readonly SimulatedShortcode[],
    private readonly ids: Ids,
    private readonly now: () => number,
  ) {
    for (const shortcode of shortcodes) {
      const app = this.#byKey.get(shortcode.consumerKey);
      if (app) app.shortcodes.push(shortcode);
      else this.#byKey.set(shortcode.consumerKey, appOf(shortcode));
    }
  }

  /** The app with this key, if the secret is right. */
  authenticate(key: string, secret: string): App | undefined {
    const app = this.#byKey.get(key);
    return app?.secret === secret ? app : undefined;
  }

  issueToken(app: App): string {
    if (app.token) this.#byToken.delete(app.token);
    app.token = this.ids.token();
    app.tokenExpiresAt = this.now() + TOKEN_LIFETIME_MS;
    this.#byToken.set(app.token, app);
    return app.token;
  }

  /** The app of a token, if the token is valid and has not expired. */
  byToken(token: string): App | undefined {
    const app = this.#byToken.get(token);
    return app && this.now() < app.tokenExpiresAt ? app : undefined;
  }
}

/** Whether the app may call an operation of this name. */
export function mayCall(app: App, operation: string): boolean {
  return app.shortcodes.some((shortcode) => shortcode.products?.includes(operation) ?? true);
}

function appOf(shortcode: SimulatedShortcode): App {
  return {
    key: shortcode.consumerKey,
    secret: shortcode.consumerSecret,
    shortcodes: [shortcode],
    token: undefined,
    tokenExpiresAt: 0,
  };
}
