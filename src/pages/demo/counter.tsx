import type { Markup } from "../markup.ts";
import type { ShopEvent } from "./shop.ts";

/** The time of day in Nairobi. */
const clock = new Intl.DateTimeFormat("en-KE", { timeStyle: "medium", timeZone: "Africa/Nairobi", hourCycle: "h23" });

const simulatedPhones: readonly (readonly [number: string, answer: string])[] = [
  ["0712 345 678", "pays"],
  ["0700 001 032", "cancels"],
  ["0700 002 001", "types a wrong PIN"],
  ["0700 001 037", "does not answer"],
  ["0700 000 001", "has too little money"],
];

/** The simulator's phones: the numbers with their fixed answers, and the handsets to answer by hand. */
export function Phones({ simulatorUrl }: { simulatorUrl: string }): Markup {
  return (
    <section class="card stack">
      <h2>Phones to pay with</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Number</th>
            <th scope="col">What it does</th>
          </tr>
        </thead>
        <tbody>
          {simulatedPhones.map(([number, answer]) => (
            <tr>
              <td>{number}</td>
              <td>{answer}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="soft">
        To answer by hand, hold a phone here first, and keep the handsets open in a window of their own.
      </p>
      <iframe src={`${simulatorUrl}/_simulator/`} title="The simulator's handsets"></iframe>
    </section>
  );
}

/** The latest events, with a mark for each whose webhook has arrived. */
export function EventFeed(
  { events, subscribed }: { events: readonly ShopEvent[]; subscribed: boolean },
): Markup {
  return (
    <section class="card stack" id="events">
      <h2>What the shop hears</h2>
      {events.length === 0 && <p class="soft">Nothing yet. Buy something.</p>}
      <ol class="events">
        {events.map((event) => (
          <li class={event.delivered ? "delivered" : ""}>
            <code>{event.type}</code>
            <time datetime={event.created_at}>{clock.format(new Date(event.created_at))}</time>
            {subscribed && (
              <span class="soft">{event.delivered ? "webhook received, signature right" : "no webhook yet"}</span>
            )}
          </li>
        ))}
      </ol>
      <a class="button quiet" href="" data-nojs>Look again</a>
    </section>
  );
}
