import type { SimulatedShortcode } from "./options.ts";

/**
 * Credentials that the development seed and the simulator share. They are fixed and public, and give access to nothing
 * outside a developer's machine. The passkey of 174379 is the one that Safaricom publishes for its sandbox.
 */
const demoApp = {
  consumerKey: "demo-consumer-key",
  consumerSecret: "demo-consumer-secret",
  initiatorName: "demo-initiator",
  initiatorPassword: "Demo-Initiator#1",
};

/** The shortcodes of development: paybill and till of `demo`, paybill of `other`, Safaricom's sandbox paybill. */
export const demoShortcodes: readonly SimulatedShortcode[] = [
  {
    ...demoApp,
    number: "600000",
    kind: "paybill",
    name: "Demo Shop",
    passkey: "600000d1e0a5c0ffee600000d1e0a5c0ffee600000d1e0a5c0ffee600000d1e0",
    utilityBalance: 100_000_000,
    workingBalance: 1_000_000,
  },
  {
    ...demoApp,
    number: "500000",
    kind: "till",
    storeNumber: "500001",
    name: "Demo Duka",
    passkey: "500001d1e0a5c0ffee500001d1e0a5c0ffee500001d1e0a5c0ffee500001d1e0",
    utilityBalance: 1_000_000,
    workingBalance: 100_000,
  },
  {
    number: "600001",
    kind: "paybill",
    name: "Other Shop",
    consumerKey: "other-consumer-key",
    consumerSecret: "other-consumer-secret",
    passkey: "600001d1e0a5c0ffee600001d1e0a5c0ffee600001d1e0a5c0ffee600001d1e0",
    initiatorName: "other-initiator",
    initiatorPassword: "Other-Initiator#1",
    utilityBalance: 1_000_000,
    workingBalance: 100_000,
  },
  {
    number: "174379",
    kind: "paybill",
    name: "Daraja-Sandbox",
    consumerKey: "sandbox-consumer-key",
    consumerSecret: "sandbox-consumer-secret",
    passkey: "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
    initiatorName: "testapi",
    initiatorPassword: "Sandbox-Initiator#1",
    utilityBalance: 1_000_000,
    workingBalance: 100_000,
  },
];

/** The simulator's X.509 certificate. Clients encrypt the initiator's password with it (RSA, PKCS#1 v1.5). */
export const DEMO_CERTIFICATE_PEM = `\
-----BEGIN CERTIFICATE-----
MIIDazCCAlOgAwIBAgIUK7iTubnT5vsr1YzHd6CZUQ2HexEwDQYJKoZIhvcNAQEL
BQAwRTEhMB8GA1UEAwwYc2ltdWxhdG9yLm1hbGlwby5pbnZhbGlkMSAwHgYDVQQK
DBdNYWxpcG8gZGV2ZWxvcG1lbnQgb25seTAeFw0yNjExMjIyMDU3MDZaFw0zNjEx
MTkyMDU3MDZaMEUxITAfBgNVBAMMGHNpbXVsYXRvci5tYWxpcG8uaW52YWxpZDEg
MB4GA1UECgwXTWFsaXBvIGRldmVsb3BtZW50IG9ubHkwggEiMA0GCSqGSIb3DQEB
AQUAA4IBDwAwggEKAoIBAQDFO1xV/JAtmuSc3vhtkYldgwTEZwAI4bjQtvrJ81ii
C53MjtFfBMNs2iuAwNcDH7D5J5D9mfFeALw8vFZx+wDkN+D4tGUw6wHfk8I4AXyo
quqXXKcFWd1M1A2uT/oe2P3j5sdioWrPcu8jmwRtbyqJJ9Ey/aag/2c3vLYS+Stz
2IzIrr1kp6xqSLh8LrIY68PeXpKOBqlu3tiK6m8dXaCaj9PmPNkNEfc5QeUSz274
TPj8vpfUd7VpEmuLgUT0MhOAcUOPo0EK2nJAEgFhntzZRfALlsl9Mouhjt6efdic
ZyjIFwhjseUvgYvSlmReMQiltgWL0qUO8loLgMXV+lj/AgMBAAGjUzBRMB0GA1Ud
DgQWBBR/hHzKy2LIOZofU2MqrVjv5hmS5jAfBgNVHSMEGDAWgBR/hHzKy2LIOZof
U2MqrVjv5hmS5jAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQAO
4iUgLyipvdqfc4J8AW3DK4ihT+l8oz6k/ApnSAJ+sSJhAAdg23673zywG7czulcZ
QdRnqtIrHClVV2nCqlaxwB0/575RjSXwZl+StT6WGocsbQcv2lDClzLfwGw2d+jS
odUsBI13BDsWiRQzoScCYU/Ujk9liO5sM3i2xnNMhUWxvMYsqfURTAfIT1L46uBQ
+HkbINHAy5o4FGCwMSgDd8JGBYiDBu87nkG2mSWUrzgrsG/RvdXbeH9l4JMeHO2s
NY35KWTJqsoanze52om6RFZRbii9IIEcXn32qorobSQtpbou1YMk9bJNhJqnL86z
CpY5T8iMrRvPlW8mT5VL
-----END CERTIFICATE-----
`;
