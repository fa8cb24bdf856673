/** The default of `HOST`: only this machine in development and tests, all addresses otherwise. */
export const defaultHost = (strict: boolean): string => strict ? "0.0.0.0" : "127.0.0.1";
export const DEFAULT_PORT = "8000";

/** Whether the environment is neither development nor test. Then public keys, http URLs and the like are refused. */
export const isStrict = (environment: string | undefined): boolean =>
  environment !== "development" && environment !== "test";

/** Where to listen, read without the other settings. Null when the port is wrong; `loadConfig` then reports it. */
export function listenAddress(
  env: Readonly<Record<string, string | undefined>>,
): { readonly hostname: string; readonly port: number } | null {
  const port = env.PORT || DEFAULT_PORT;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return null;
  return { hostname: env.HOST || defaultHost(isStrict(env.APP_ENV)), port: Number(port) };
}
