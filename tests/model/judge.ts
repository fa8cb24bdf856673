import { books } from "./rules/books.ts";
import { checkouts } from "./rules/checkouts.ts";
import { incoming } from "./rules/incoming.ts";
import { outgoing } from "./rules/outgoing.ts";
import { standing } from "./rules/standing.ts";
import type { Played, Rule, Violation } from "./rules/violation.ts";

const rules: readonly Rule[] = [incoming, checkouts, standing, outgoing, books];

/** All that the service shows at the end of a history and must not. */
export const judge = (played: Played): Violation[] => rules.flatMap((rule) => rule(played));
