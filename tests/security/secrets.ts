/** Texts that look like secrets. */
export const secretForms: readonly (readonly [what: string, form: RegExp])[] = [
  ["a private key", /-----BEGIN (RSA |EC |OPENSSH |ENCRYPTED )?PRIVATE KEY-----/],
  ["a client secret of ours", /\bmls_[\w-]{43}\b/],
  ["a signing secret of webhooks", /\bwhsec_[A-Za-z0-9+/]{43}=/],
  ["a private JWK", /\bd"?\s*:\s*"[\w-]{43}"/],
  ["an access key of AWS", /\bAKIA[0-9A-Z]{16}\b/],
  ["a token of GitHub", /\bgh[pousr]_[A-Za-z0-9]{36}\b/],
  ["a token of npm", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a token of Slack", /\bxox[abprs]-[\w-]{10,}/],
  ["a JSON Web Token", /\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}/],
];

/** Files that may hold one, and why. An entry that nothing needs fails the test. */
export const allowed: Readonly<Record<string, string>> = {
  "src/config/keys.ts": "the development keys, which production refuses",
  "src/simulator/core/development-key.ts": "the simulator's stand-in for Safaricom's key",
  "src/domain/merchants/contract.ts": "an example of the reference",
  "src/domain/merchants/merchant-contract.ts": "an example of the reference",
  "src/webhooks/endpoints/contract.ts": "an example of the reference",
  "src/webhooks/endpoints/examples.ts": "an example of the reference",
  "tests/fixtures/tls/server.key": "the key of a server of the tests",
};

/** What looks like a secret in a file, by its name. */
export const secretsIn = (text: string): string[] =>
  secretForms.filter(([, form]) => form.test(text)).map(([what]) => what);
