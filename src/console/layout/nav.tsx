import type { Markup } from "../../pages/markup.ts";
import { Icon } from "../kit/icons.tsx";
import type { NavEntry, Page } from "../kit/page.ts";
import { hrefOf, platformHref, type Visit } from "../kit/visit.ts";
import type { Text } from "../text/texts.ts";
import { Account } from "./account.tsx";

/** An entry of the menu, as this person sees it. */
export interface NavLink extends NavEntry {
  readonly href: string;
  readonly isCurrent: boolean;
}

/** What the bottom bar of a phone has, the usual first. */
const IN_BAR: readonly NavEntry["name"][] = [
  "home",
  "attention",
  "payments",
  "sell",
  "approvals",
  "payouts",
  "checkouts",
];
const BAR = 4;

/** The pages that this person may see, in the order of the table of pages. */
export function navLinks(pages: readonly Page[], visit: Visit): readonly NavLink[] {
  return pages.flatMap(({ nav, path, area, roles }) => {
    if (nav === undefined || !roles.some((role) => visit.viewer.roles.includes(role))) return [];
    const href = area === "platform" ? platformHref(path) : hrefOf(visit, path);
    const { pathname } = visit.url;
    return [{ ...nav, href, isCurrent: pathname === href || pathname.startsWith(`${href}/`) }];
  });
}

const Link = ({ link, text }: { link: NavLink; text: Text }): Markup => (
  <a href={link.href} data-nav={link.name} {...link.isCurrent ? { "aria-current": "page" } : {}}>
    <Icon name={link.icon} />
    <span>{text.nav[link.name]}</span>
  </a>
);

interface NavProps {
  readonly links: readonly NavLink[];
  readonly text: Text;
}

/** The menu beside the page. */
export function SideNav({ links, text }: NavProps): Markup {
  const groups = Map.groupBy(links, ({ group }) => group);
  return (
    <nav class="side" aria-label={text.nav.label}>
      {[...groups].map(([group, entries]) => (
        <div>
          {text.groups[group] !== "" && <p class="group">{text.groups[group]}</p>}
          {entries.map((link) => <Link key={link.name} link={link} text={text} />)}
        </div>
      ))}
    </nav>
  );
}

/** The menu of a phone: four pages, and the others behind More. */
export function BottomNav({ links, visit }: { links: readonly NavLink[]; visit: Visit }): Markup {
  const { text } = visit;
  const ranked = IN_BAR.flatMap((name) => links.filter((link) => link.name === name));
  const shown = ranked.slice(0, BAR);
  const others = links.filter((link) => !shown.includes(link));
  return (
    <nav class="bottom" aria-label={text.nav.label}>
      {shown.map((link) => <Link key={link.name} link={link} text={text} />)}
      <details>
        <summary>
          <Icon name="more" />
          <span>{text.nav.more}</span>
        </summary>
        <div class="sheet">
          {others.map((link) => <Link key={link.name} link={link} text={text} />)}
          <Account visit={visit} />
        </div>
      </details>
    </nav>
  );
}
