import { checkShortcode } from "../../domain/shortcodes/check-shortcode.ts";
import type { ShortcodeView } from "../../domain/shortcodes/contract.ts";
import { getShortcode } from "../../domain/shortcodes/read.ts";
import type { Child } from "hono/jsx";
import type { Markup } from "../../pages/markup.ts";
import { Label } from "../kit/chip.tsx";
import { Guard } from "../kit/form.tsx";
import { type Page, parameter, type View } from "../kit/page.ts";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { shortcodesText } from "./text.ts";

type Finding = Awaited<ReturnType<typeof checkShortcode>>["checks"][number];

/** Asks M-Pesa whether a shortcode is set up, and says what to do about what is not. */
export const checkPage: Page = {
  path: "shortcodes/:id/check",
  area: "merchant",
  roles: ["admin"],
  async get(visit) {
    const { id, number } = await getShortcode(visit.ctx, { id: parameter(visit, "id") });
    const { check, checkSays } = shortcodesText[visit.language];
    return view(
      visit,
      id,
      <form method="post" class="stack" action={visit.url.pathname}>
        <Guard visit={visit} back={hrefOf(visit, `shortcodes/${id}`)} version={null} />
        <p>
          <b>{number}</b>
        </p>
        <p class="consequence">{checkSays}</p>
        <div class="buttons">
          <button type="submit" data-busy={visit.text.working}>{check}</button>
          <a class="button quiet" href={hrefOf(visit, `shortcodes/${id}`)}>{visit.text.cancel}</a>
        </div>
      </form>,
    );
  },
  async post(visit) {
    const id = parameter(visit, "id");
    const { shortcode, checks } = await checkShortcode(visit.ctx, { id });
    const row = await getShortcode(visit.ctx, { id });
    const words = shortcodesText[visit.language];
    return view(
      visit,
      id,
      <>
        <h2>{words.results}: {shortcode}</h2>
        <ul class="links plain checks">
          {checks.map((finding) => <Result key={finding.check} visit={visit} row={row} finding={finding} />)}
        </ul>
      </>,
    );
  },
};

/** The page where what a check is about is mended. */
const MENDED_AT: Readonly<Record<Finding["check"], "keys" | "addresses" | "edit">> = {
  token: "keys",
  passkey: "keys",
  security_credential: "keys",
  urls: "addresses",
  numbers: "edit",
  pull: "keys",
};

/** What could not be checked is not the same as what was never set up. */
const isSetUp = ({ check }: Finding, { has_initiator }: ShortcodeView): boolean =>
  check === "token" || check === "passkey" || (check === "security_credential" && has_initiator);

interface ResultProps {
  readonly visit: Visit;
  readonly row: ShortcodeView;
  readonly finding: Finding;
}

function Result({ visit, row, finding }: ResultProps): Markup {
  const words = shortcodesText[visit.language];
  const { ok, check, detail, remedy } = finding;
  const page = MENDED_AT[check];
  return (
    <li>
      <span>
        <b>{words.checks[check]}</b>: <span lang="en">{detail}</span>
        {remedy !== null && (
          <>
            {" "}
            <span class="soft">
              · {words.remedy}:{" "}
              {ok === null && check === "urls" ? words.registerRemedy : <span lang="en">{remedy}</span>}
            </span>
          </>
        )}
        {ok !== true && remedy !== null && (
          <>
            {" "}
            <a href={hrefOf(visit, `shortcodes/${row.id}/${page}`)}>{words.mend[page]}</a>
          </>
        )}
      </span>
      {ok === true && <Label icon="tick" word={words.good} />}
      {ok === false && <Label icon="cross" word={words.bad} />}
      {ok === null && <Label icon="dash" word={isSetUp(finding, row) ? words.notChecked : words.skipped} />}
    </li>
  );
}

const view = (visit: Visit, id: string, body: Child): View => ({
  title: shortcodesText[visit.language].check,
  body: (
    <>
      <header class="head">
        <p>
          <a href={hrefOf(visit, `shortcodes/${id}`)} data-back="">{visit.text.back}</a>
        </p>
        <h1>{shortcodesText[visit.language].check}</h1>
      </header>
      <section class="card narrow">{body}</section>
    </>
  ),
});
