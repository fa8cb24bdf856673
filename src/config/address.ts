/** Where the service listens when nothing is said: on this machine alone, unless it is for others to use. */
export const defaultHost = (strict: boolean): string => strict ? "0.0.0.0" : "127.0.0.1";
export const DEFAULT_PORT = "8000";

/** Neither development nor test: nothing that only a developer's machine may have is accepted. */
export const isStrict = (environment: string | undefined): boolean =>
  environment !== "development" && environment !== "test";

/** Where to listen, read without the rest of the settings; null where what is said is for them to refuse. */
export function listenAddress(
  env: Readonly<Record<string, string | undefined>>,
): { readonly hostname: string; readonly port: number } | null {
  const port = env.PORT || DEFAULT_PORT;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return null;
  return { hostname: env.HOST || defaultHost(isStrict(env.APP_ENV)), port: Number(port) };
}
