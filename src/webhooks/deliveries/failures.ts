/** Every way in which a delivery attempt fails, with the text that the merchant reads. */
export const failureMessages = {
  status: "The endpoint answered with a status that is not 2xx.",
  redirect: "The endpoint answered with a redirect. Redirects are not followed. Register the URL that it points to.",
  gone: "The endpoint answered 410 Gone and has been disabled.",
  timeout: "No answer came in time. Answer 2xx first and do the work afterwards.",
  name_not_found: "The host name has no address. Check it in DNS.",
  address_refused: "The host name has no address on the public internet. Check it in DNS. Nothing was sent.",
  unreachable: "No connection could be made.",
  tls_failed: "TLS failed: the certificate has expired, is not trusted or is not valid for this name.",
  broken: "The connection broke before an answer came.",
} as const;
export type DeliveryFailure = keyof typeof failureMessages;
