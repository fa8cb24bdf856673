/** An error of the token endpoint. OAuth has its own format for errors (RFC 6749 section 5.2). */
export class OAuthError extends Error {
  constructor(readonly status: 400 | 401, readonly code: string, readonly description: string) {
    super(code);
  }
}
