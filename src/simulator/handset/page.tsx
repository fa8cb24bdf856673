import type { Child, FC } from "hono/jsx";
import type { HtmlEscapedString } from "hono/utils/html";
import type { HandsetView, PromptView } from "./view.ts";

const shillings = new Intl.NumberFormat("en-KE");
const time = new Intl.DateTimeFormat("en-KE", { timeStyle: "medium", timeZone: "Africa/Nairobi", hourCycle: "h23" });

/** The page of virtual handsets. With `only` it shows that phone alone. */
export function HandsetPage(
  props: { handsets: readonly HandsetView[]; only: string | undefined },
): HtmlEscapedString | Promise<HtmlEscapedString> {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Virtual handsets</title>
        <link rel="stylesheet" href="/_simulator/handset.css" />
        <script src="/_simulator/handset.js" defer></script>
      </head>
      <body>
        {props.only === undefined && <Intro />}
        <main id="handsets" aria-live="polite">
          {props.handsets.length === 0 && <p class="none">No phone has been prompted yet.</p>}
          {props.handsets.map((handset) => <Handset handset={handset} only={props.only} />)}
        </main>
      </body>
    </html>
  );
}

const Intro: FC = () => (
  <header>
    <h1>Virtual handsets</h1>
    <p>
      Phones answer by themselves, as their last four digits say. Hold one here to answer its prompts yourself.
    </p>
    <form method="post" action="/_simulator/handsets">
      <input name="phone" required inputmode="tel" placeholder="0712 345 678" aria-label="Phone number" />
      <input type="hidden" name="manual" value="true" />
      <button type="submit">Hold this phone</button>
    </form>
  </header>
);

const Handset: FC<{ handset: HandsetView; only: string | undefined }> = ({ handset, only }) => {
  const waiting = handset.prompts.find((prompt) => prompt.status === "waiting");
  const past = handset.prompts.filter((prompt) => prompt.status !== "waiting");
  return (
    <section class="handset" aria-label={`Phone ${handset.phone}`}>
      <div class="bar">
        <strong>+{handset.phone}</strong>
        <form method="post" action={`/_simulator/handsets/${handset.phone}`}>
          <View only={only} />
          <button
            type="submit"
            class="mode"
            name="manual"
            value={String(!handset.manual)}
            aria-pressed={String(handset.manual)}
          >
            {handset.manual ? "Held" : "Automatic"}
          </button>
        </form>
      </div>
      <div class="screen">
        {waiting ? <Prompt prompt={waiting} only={only} /> : <p class="idle">No prompt</p>}
        <ol class="messages">{past.map((prompt) => <Message prompt={prompt} />)}</ol>
      </div>
    </section>
  );
};

const Prompt: FC<{ prompt: PromptView; only: string | undefined }> = ({ prompt, only }) => (
  <form class="prompt" method="post" action={`/_simulator/prompts/${prompt.id}`}>
    <View only={only} />
    <p>
      Do you want to pay <b>Ksh {shillings.format(prompt.amount)}</b> to <b>{prompt.name}</b> account no.{" "}
      {prompt.account_reference}?
    </p>
    <div class="answers">
      <Answer value="pay">Enter PIN and pay</Answer>
      <Answer value="wrong_pin">Wrong PIN</Answer>
      <Answer value="decline">Decline</Answer>
    </div>
  </form>
);

const Answer: FC<{ value: string; children?: Child }> = ({ value, children }) => (
  <button type="submit" name="answer" value={value} class={value}>{children}</button>
);

const Message: FC<{ prompt: PromptView }> = ({ prompt }) => (
  <li class={prompt.status}>
    {prompt.status === "paid"
      ? `${prompt.receipt} Confirmed. Ksh${shillings.format(prompt.amount)}.00 sent to ${prompt.name} ` +
        `for account ${prompt.account_reference}.`
      : `Ksh${shillings.format(prompt.amount)}.00 to ${prompt.name} failed. ${prompt.words}`}
    <small>{time.format(new Date(prompt.at))} · {delivery(prompt.callback_status)}</small>
  </li>
);

/** Without JavaScript, keeps a page about one phone on that phone after a form is sent. */
const View: FC<{ only: string | undefined }> = ({ only }) =>
  only === undefined ? null : <input type="hidden" name="view" value={only} />;

function delivery(status: number | null): string {
  if (status === null) return "no callback yet";
  return status === 0 ? "callback not delivered" : `callback answered ${status}`;
}
