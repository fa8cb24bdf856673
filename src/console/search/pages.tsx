import type { Role } from "../../auth/roles.ts";
import type { SearchHit } from "../../domain/search/contract.ts";
import type { Markup } from "../../pages/markup.ts";
import type { Page, PageAnswer, View } from "../kit/page.ts";
import { seal, unseal } from "../kit/sealed.ts";
import { Empty } from "../kit/table.tsx";
import { When } from "../kit/values.tsx";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { alikeReceipts, find, type Found, HIT_PATHS } from "./find.ts";
import { searchText } from "./text.ts";

const SEARCHERS: readonly Role[] = ["viewer", "cashier", "finance", "approver", "admin", "platform"];
const MAX_QUERY = 500;

/** The search. It is sent by POST, and what was typed gets into an address only sealed: it may be a phone or a name. */
export const searchPages: readonly Page[] = [
  { path: "search", area: "merchant", roles: SEARCHERS, get, post },
];

async function post(visit: Visit, form: FormData): Promise<PageAnswer> {
  const typed = form.get("q");
  const text = typeof typed === "string" ? typed.trim().slice(0, MAX_QUERY) : "";
  const { hits } = text === "" ? { hits: [] } : await find(visit, text);
  const [only, ...others] = hits;
  if (only !== undefined && others.length === 0) {
    return visit.c.redirect(hrefOf(visit, `${HIT_PATHS[only.type]}/${only.id}`), 303);
  }
  const q = await seal(visit, "search", text);
  return visit.c.redirect(`${hrefOf(visit, "search")}?${new URLSearchParams({ q })}`, 303);
}

async function get(visit: Visit): Promise<View> {
  const text = await unseal(visit, "search", visit.url.searchParams.get("q"));
  if (typeof text !== "string" || text === "") return resultView(visit, null);
  const found = await find(visit, text);
  const meant = found.hits.length > 0 ? [] : await meantBy(visit, text);
  const isPayer = found.phone !== null && found.hits.some(({ type }) => type === "payment");
  return resultView(visit, { ...found, meant, payer: isPayer ? await seal(visit, "payer", found.phone) : null });
}

/** Receipts that exist, if letters of the one that was typed were confused. */
async function meantBy(visit: Visit, text: string): Promise<readonly SearchHit[]> {
  const found = await Promise.all(alikeReceipts(text).map((receipt) => find(visit, receipt)));
  return found.flatMap(({ hits }) => hits);
}

interface Result extends Found {
  readonly meant: readonly SearchHit[];
  /** The phone, sealed. */
  readonly payer: string | null;
}

function resultView(visit: Visit, result: Result | null): View {
  const words = searchText[visit.language];
  return {
    title: words.heading,
    body: (
      <>
        <header class="head">
          <h1>{words.heading}</h1>
        </header>
        {result === null ? <p>{words.knows}</p> : <Results visit={visit} result={result} />}
      </>
    ),
  };
}

function Results({ visit, result }: { visit: Visit; result: Result }): Markup {
  const words = searchText[visit.language];
  if (result.hits.length === 0) {
    return (
      <>
        <Empty heading={words.none}>
          <p>{words.knows}</p>
        </Empty>
        {result.meant.length > 0 && (
          <section class="card narrow">
            <h2>{words.didYouMean}</h2>
            <Hits visit={visit} hits={result.meant} />
          </section>
        )}
      </>
    );
  }
  return (
    <>
      {result.payer !== null && (
        <p>
          <a href={`${hrefOf(visit, "payments")}?${new URLSearchParams({ payer: result.payer })}`}>
            {words.allOfPhone}
          </a>
        </p>
      )}
      {[...Map.groupBy(result.hits, ({ type }) => type)].map(([type, hits]) => (
        <section class="card narrow">
          <h2>{words.types[type]}</h2>
          <Hits visit={visit} hits={hits} />
        </section>
      ))}
    </>
  );
}

function Hits({ visit, hits }: { visit: Visit; hits: readonly SearchHit[] }): Markup {
  return (
    <ul class="links">
      {hits.map(({ type, id, summary, created_at }) => (
        <li data-row="" tabindex={-1}>
          <a class="open" href={hrefOf(visit, `${HIT_PATHS[type]}/${id}`)}>
            <b>{summary}</b>
            <When at={created_at} look={visit} />
          </a>
        </li>
      ))}
    </ul>
  );
}
