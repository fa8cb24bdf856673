import { contrast, mix, readableOn } from "../../lib/colour.ts";

/** The colours of a page that depend on the merchant's colour, as variables of the stylesheet. */
interface Theme {
  readonly green: string;
  readonly "on-green": string;
  readonly tint: string;
  readonly deep: string;
}

/** WCAG 2.2: what has to be seen, and what has to be read. */
const SEEN = 3;
const READ = 4.5;
const LIGHT = { paper: "#f3f6f3", card: "#ffffff", ink: "#14201a" } as const;
const DARK = { paper: "#0d1310", card: "#161e1a", ink: "#e8efea" } as const;
const WHITE = "#ffffff";
const BLACK = "#000000";

/** The colour of the page's background in the dark. */
export const DARK_PAPER: string = DARK.paper;
/** The colour of the buttons where the merchant has set none. */
export const DEFAULT_COLOUR = "#0b7a3b";

function themeOn({ paper, card, ink }: typeof LIGHT | typeof DARK, colour: string, share: number): Theme {
  const tint = mix(colour, card, share);
  const grounds = [paper, card, tint];
  const green = readableOn(colour, grounds, SEEN, ink);
  return {
    green,
    "on-green": contrast(green, WHITE) >= READ ? WHITE : BLACK,
    tint,
    deep: readableOn(colour, grounds, READ, ink),
  };
}

/** The colours on light and on dark ground. What would be hard to see or to read is made darker or lighter. */
export const themes = (colour: string): { readonly light: Theme; readonly dark: Theme } => ({
  light: themeOn(LIGHT, colour, 0.1),
  dark: themeOn(DARK, colour, 0.22),
});

const rule = (theme: Theme): string =>
  `:root{${Object.entries(theme).map(([name, value]) => `--${name}:${value}`).join(";")}}`;

/** A stylesheet with a merchant's colour (`#rrggbb`), for the screen: what is printed stays black. */
export function themeCss(colour: string): string {
  const { light, dark } = themes(colour);
  return `@media screen{${rule(light)}}@media screen and (prefers-color-scheme:dark){${rule(dark)}}`;
}

/** The path of that stylesheet. The colour is in it, so it may be kept for ever. */
export const themePath = (colour: string): string => `/themes/${colour.slice(1)}.css`;
