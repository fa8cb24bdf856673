import type { Config } from "../../config/config.ts";
import { objectionToUrl } from "../../domain/shortcodes/urls.ts";
import { type DoctorCheck, failed, passed, warned } from "./report.ts";

const OF_PATH = "callback path";

/** What came of a request that was made where callbacks come from. */
export type Reached =
  | { readonly kind: "answer"; readonly status: number; readonly body: string }
  | { readonly kind: "refused" | "tls" | "silent"; readonly why: string };

/** How the public URL looks from where Daraja is. */
export interface Outside {
  /** Errors: when the name has no address. */
  resolve(hostname: string): Promise<readonly string[]>;
  /** A GET from outside. In development the simulator makes it; otherwise this machine does, as the best that there is. */
  reach(url: string): Promise<Reached>;
}

/** Checks whether Daraja accepts callback URLs under our public URL: https, and no word that it refuses. */
export function checkAddress({ server, daraja }: Config): DoctorCheck {
  const objection = daraja.simulated ? null : objectionToUrl(server.publicUrl);
  return objection === null ? passed("address", `Callbacks come to ${server.publicUrl}.`) : failed(
    "address",
    `Daraja will not call ${server.publicUrl}: ${objection}.`,
    "Set PUBLIC_URL to the https origin at which this service is reached from outside.",
  );
}

/** Checks name, certificate and path of the public URL: Daraja does not repeat a callback that finds nobody. */
export async function checkPath({ server, daraja }: Config, outside: Outside): Promise<DoctorCheck[]> {
  const { hostname, protocol } = new URL(server.publicUrl);
  const addresses = await outside.resolve(hostname).catch(() => []);
  if (addresses.length === 0) {
    return [failed("dns", `${hostname} has no address.`, "Add an A or AAAA record, or correct PUBLIC_URL.")];
  }
  const dns = passed("dns", `${hostname} is ${addresses.join(", ")}.`);
  const reached = await outside.reach(`${server.publicUrl}/health/live`);
  if (reached.kind === "tls") {
    const remedy = "Install a certificate of a public authority for this name, with its whole chain.";
    return [dns, failed("tls", `The certificate of ${hostname} is not valid: ${reached.why}.`, remedy)];
  }
  return [
    dns,
    ...protocol === "https:" ? [passed("tls", "The certificate is valid.")] : [],
    pathOf(reached, server.publicUrl, daraja.simulated),
  ];
}

function pathOf(reached: Reached, publicUrl: string, simulated: boolean): DoctorCheck {
  const from = simulated ? "the simulator" : "this machine";
  if (reached.kind !== "answer") {
    const detail = `${publicUrl} does not answer ${from}.`;
    const remedy = "Start the service, and lead the path to it through firewall and proxy.";
    return simulated ? warned(OF_PATH, detail, remedy) : failed(OF_PATH, detail, remedy);
  }
  if (reached.status === 200 && reached.body.includes('"status":"live"')) {
    return passed(OF_PATH, `${publicUrl} answers ${from}.`);
  }
  return failed(
    OF_PATH,
    `${publicUrl} is answered by something else (${reached.status}).`,
    "Let the proxy pass every path to this service, without a page of its own or a login.",
  );
}
