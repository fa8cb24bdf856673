import type { Markup } from "../markup.ts";
import type { Child, FC } from "hono/jsx";
import { Support } from "../brand/support.tsx";
import { payLabel, PhoneForm } from "./form.tsx";
import { kes } from "./format.ts";
import { Icon } from "./icons.tsx";
import { Paid } from "./receipt.tsx";
import type { PageState, Stage } from "./page-state.ts";
import { STILL_WAITING_MS, waited } from "./waiting.ts";
import { pageUrl, type View } from "./view.ts";

interface Props {
  readonly view: View;
  readonly pageState: PageState;
}

/** The heading of a stage. It also begins the page's title, and a screen reader reads it when the stage changes. */
export function headline({ text }: View, stage: Stage): string {
  const headings: Record<Stage, string> = {
    ready: text.readyHeading,
    waiting: text.waitingHeading,
    failed: text.failedHeading,
    unclear: text.unclearHeading,
    paid: text.paidHeading,
    expired: text.expiredHeading,
    cancelled: text.cancelledHeading,
    review: text.reviewHeading,
  };
  return headings[stage];
}

const Ready: FC<Props> = ({ view, pageState }) => (
  <section class="card stage ready">
    <div class="head">
      <h1 tabindex={-1}>{view.text.readyHeading}</h1>
      <p class="hint">{view.text.readyText}</p>
      <p class="safety">{view.text.safety}</p>
    </div>
    <PhoneForm view={view} pageState={pageState} label={payLabel(view, pageState)} />
  </section>
);

const Waiting: FC<Props> = ({ view, pageState }) => {
  const { text } = view;
  const { waitingPhones: phones } = pageState;
  return (
    <>
      <section class="card stage waiting">
        <div class="stage center">
          <Icon name="phone" />
          <h1 tabindex={-1}>{text.waitingHeading}</h1>
          <p>{(pageState.isTaken ? text.waitingText : text.waitingUnsure)(pageState.phone ?? "")}</p>
          <p class="safety">{text.safety}</p>
        </div>
        {phones.length > 1 && <p class="note" role="status">{text.twoPrompts(phones.join(text.and))}</p>}
        {pageState.hasUnclearAttempt && <p class="note">{text.earlierUnclear}</p>}
        {pageState.prompted !== null && pageState.prompted > pageState.due && (
          <p class="note">{text.promptAsksMore(kes(pageState.prompted))}</p>
        )}
        <ol class="steps">
          <li>
            <span>{text.waitingSteps[0](pageState.business)}</span>
          </li>
          <li>
            <span>{text.waitingSteps[1]}</span>
          </li>
          <li>
            <span>{text.waitingSteps[2]}</span>
          </li>
        </ol>
        <p class="note" role="status" data-after={STILL_WAITING_MS} hidden={waited(view, pageState) < STILL_WAITING_MS}>
          {text.stillWaiting}
        </p>
        <a class="button quiet" href={pageUrl(pageState.id, view)} data-nojs>{text.checkNow}</a>
      </section>
      <details class="card" id="no-prompt" open={view.error !== null}>
        <summary>{text.noPrompt}</summary>
        <div class="inside">
          <p>{text.noPromptText}</p>
          <h2>{text.otherPhone}</h2>
          <PhoneForm
            view={view.error === null ? { ...view, phone: "" } : view}
            pageState={{ ...pageState, phone: null }}
            label={payLabel(view, pageState)}
          />
        </div>
      </details>
    </>
  );
};

const Failed: FC<Props> = ({ view, pageState }) => {
  const { text } = view;
  const [message, advice] = text.failures[pageState.failure ?? "unknown_failure"];
  return (
    <section class="card stage failed">
      <div class="stage center">
        <Icon name="cross" />
        <h1 tabindex={-1}>{text.failedHeading}</h1>
        <p class="why">{message}</p>
        <p>{advice}</p>
        <p class="safety">{text.notTaken}</p>
      </div>
      {pageState.hasUnclearAttempt && <p class="note">{text.earlierUnclear}</p>}
      <PhoneForm view={view} pageState={pageState} label={payLabel(view, pageState)} />
    </section>
  );
};

const Unclear: FC<Props> = ({ view, pageState }) => (
  <section class="card stage unclear">
    <div class="stage center">
      <Icon name="question" />
      <h1 tabindex={-1}>{view.text.unclearHeading}</h1>
      <p>{view.text.unclearText}</p>
    </div>
    <PhoneForm view={view} pageState={pageState} label={payLabel(view, pageState)} />
  </section>
);

const closedIcons = { expired: "clock", cancelled: "cross", review: "alert" } as const;

interface ClosedProps {
  readonly stage: keyof typeof closedIcons;
  readonly heading: string;
  readonly children?: Child;
}

const Closed: FC<ClosedProps> = ({ stage, heading, children }) => (
  <section class={`card stage center ${stage}`}>
    <Icon name={closedIcons[stage]} />
    <h1 tabindex={-1}>{heading}</h1>
    <p>{children}</p>
  </section>
);

/** Money may have moved: what happened, what happens next, whom to ask, and what to quote. */
const Review: FC<Props> = ({ view, pageState }) => {
  const [happened, next, toDo] = view.text.reviewSteps;
  return (
    <>
      <section class="card stage review">
        <div class="stage center">
          <Icon name="alert" />
          <h1 tabindex={-1}>{view.text.reviewHeading}</h1>
          <p>{view.text.reviewText}</p>
        </div>
        <ul class="story">
          <li>{happened}</li>
          <li>{next}</li>
          <li>{toDo(pageState.merchant)}</li>
        </ul>
      </section>
      <Support view={view} reference={pageState.reference} />
    </>
  );
};

/** The part of the page that changes with the checkout. */
export function StageView({ view, pageState }: Props): Markup {
  const { text } = view;
  switch (pageState.stage) {
    case "ready":
      return <Ready view={view} pageState={pageState} />;
    case "waiting":
      return <Waiting view={view} pageState={pageState} />;
    case "failed":
      return <Failed view={view} pageState={pageState} />;
    case "unclear":
      return <Unclear view={view} pageState={pageState} />;
    case "paid":
      return <Paid view={view} pageState={pageState} />;
    case "expired":
      return <Closed stage="expired" heading={text.expiredHeading}>{text.expiredText}</Closed>;
    case "cancelled":
      return <Closed stage="cancelled" heading={text.cancelledHeading}>{text.cancelledText}</Closed>;
    case "review":
      return <Review view={view} pageState={pageState} />;
  }
}
