import type { Child } from "hono/jsx";
import type { Markup } from "../../pages/markup.ts";
import type { Visit } from "./visit.ts";

interface FramedProps {
  readonly visit: Visit;
  readonly title: string;
  readonly back: string;
  readonly children?: Child;
}

/** A narrow card under its title, with the way back. */
export const Framed = ({ visit, title, back, children }: FramedProps): Markup => (
  <>
    <header class="head">
      <p>
        <a href={back} data-back="">{visit.text.back}</a>
      </p>
      <h1>{title}</h1>
    </header>
    <section class="card narrow">{children}</section>
  </>
);
