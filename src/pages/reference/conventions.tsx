import type { Markup } from "../markup.ts";
import { Text } from "./text.tsx";

const conventions: readonly (readonly [string, string, string])[] = [
  [
    "Amounts",
    "amounts",
    "Integers in cents of KES: `150000` is KES 1,500.00. M-Pesa moves whole shillings, so an amount is a multiple of 100.",
  ],
  [
    "Phones",
    "phones",
    "Any usual form of a Kenyan mobile number is taken, such as `0712345678` or `+254 712 345 678`. Answers carry it masked.",
  ],
  ["Times", "times", "RFC 3339 in UTC, such as `2026-11-22T09:30:00.000Z`."],
  [
    "Repeating safely",
    "idempotency",
    "A call that moves money takes an `Idempotency-Key`: make one for each intent, store it before you call, and send the same key with the same body whenever you are not sure. You get the first answer again, marked `Idempotent-Replayed: true`, for 7 days.",
  ],
  [
    "Lists",
    "lists",
    "Newest first. `limit` is 1 to 100; `cursor` takes the `next_cursor` of the page before, which is null on the last.",
  ],
  [
    "Errors",
    "errors",
    "Problem details (RFC 9457), `application/problem+json`. Switch on `code`; `errors` names each wrong field by JSON Pointer; `type` resolves to a page that says what to do; quote `request_id` when you ask for help.",
  ],
  [
    "What may have happened",
    "doubt",
    "`pending`, `unknown`, `in_doubt` and `review` never mean that money did not move. Wait for the event, ask with `/refresh`, and don't make a second one.",
  ],
  [
    "Versions",
    "versions",
    "`/v1` stays compatible; every answer carries `API-Version`. Fields, event types and codes may be added: ignore what you don't know. What will go away says so by `Deprecation` and `Sunset`.",
  ],
];

/** `/docs/conventions`: the rules of every call. */
export const Conventions = (): Markup => (
  <section class="intro">
    <h1>Rules for every call</h1>
    <div class="prose">
      {conventions.map(([title, id, text]) => (
        <div id={id}>
          <h2>{title}</h2>
          <p>
            <Text text={text} />
          </p>
        </div>
      ))}
    </div>
  </section>
);
