import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "people";
const sessions = ["tests/console/session_test.ts"];
const passkeys = ["tests/console/passkey_test.ts"];
const signing = ["tests/console/signing_test.ts"];
const verbs = ["tests/domain/people/people_test.ts"];

/** Faults in who is signed in, and in what people sign: somebody acts or approves in another's name. */
export const people: readonly Mutation[] = [
  ...mutationsOf({ area, file: "src/domain/people/sessions.ts", tests: sessions }, [
    ['if (person.status !== "active") return null;', "", "a removed person goes on"],
    ["if (!isOpen(session, now)) return null;", "", "a session never ends"],
  ]),
  ...mutationsOf({ area, file: "src/domain/people/links.ts", tests: sessions }, [
    ["link.used_at === null && clock.now() < link.expires_at", "clock.now() < link.expires_at", "a used link signs in"],
    [
      "[useLink(hashSecret(token), now), abortIfUnchanged, ...joining",
      "[useLink(hashSecret(token), now), ...joining",
      "a link signs in two who press at once",
    ],
  ]),
  ...mutationsOf({ area, file: "src/console/session/csrf.ts", tests: sessions }, [
    ['if (site !== undefined) return site === "same-origin";', "", "another site posts forms"],
    [
      'typeof token !== "string" || !services.digests.matches(token, parts)',
      'typeof token !== "string"',
      "a form counts with any token",
    ],
  ]),
  ...mutationsOf({ area, file: "src/console/session/require-viewer.ts", tests: sessions }, [
    [
      "isPlatform ? await first(db, selectMerchant(asked)) : null",
      "await first(db, selectMerchant(asked))",
      "another merchant's pages open",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/people/use-passkey.ts", tests: passkeys }, [
    ["|| !isInTime(services, challenge)", "", "an old answer signs in"],
    [
      "[useChallenge(challenge), storePasskey",
      "[storePasskey",
      "an answer counts twice where the device does not count",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/people/signing.ts", tests: signing }, [
    ["if (signature.digest !== signed.digest) {", "if (false) {", "another thing is approved than was signed"],
    ["signature === undefined || signature.personId !== ctx.actor", "false", "a person approves without a signature"],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/signed.ts", tests: signing }, [
    [
      "if (!approval.signed || !covering.includes(true)) return false;",
      "",
      "money leaves without a signature that holds",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/people/load.ts", tests: verbs }, [
    ["if (!isAdmin(before) || isAdmin(after)) return [];", "return [];", "a merchant loses its last admin"],
    ["if (missing.length === 0) return;", "return;", "somebody gives a role that they do not have"],
  ]),
];
