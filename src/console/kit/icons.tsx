import type { Markup } from "../../pages/markup.ts";

/** Each icon as the path of a stroke on a field of 24 × 24. */
const paths = {
  tick: "m5 12.8 4.6 4.6L19.2 7.4",
  clock: "M12 7v5.2l3.4 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  phone:
    "M8 2.8h8a1.5 1.5 0 0 1 1.5 1.5v15.4a1.5 1.5 0 0 1-1.5 1.5H8a1.5 1.5 0 0 1-1.5-1.5V4.3A1.5 1.5 0 0 1 8 2.8Zm2.8 15.4h2.4",
  arrow: "M4 12h15m-6-6 6 6-6 6",
  person: "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-8 9c0-4 3.5-6 8-6s8 2 8 6",
  question: "M8.9 9a3.2 3.2 0 1 1 4.6 2.9c-1 .5-1.5 1.1-1.5 2.3m0 3.4v.1",
  alert: "M12 8.5v5m0 3.4v.1M12 3 2.5 20h19L12 3Z",
  half: "M12 3a9 9 0 1 0 0 18V3Zm0 0a9 9 0 0 1 0 18",
  double: "m2 13 4 4 8-9m-2 8 1 1 8-9",
  cross: "m6.5 6.5 11 11m0-11-11 11",
  ring: "M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0Z",
  dash: "M5 12h14",
  back: "M9 6 4 11l5 5M4 11h10a6 6 0 0 1 0 12h-2",
  home: "M3.5 11 12 4l8.5 7M6 9.5V20h12V9.5",
  bell: "M6 16.5V11a6 6 0 1 1 12 0v5.5l1.5 1.5h-15L6 16.5Zm4 4.5h4",
  into: "M12 3v12m-5-5 5 5 5-5M4 20h16",
  outOf: "M12 16V4m-5 5 5-5 5 5M4 20h16",
  cart: "M3 4h2.5l2 11h10l2-8H6.300M9 20h.1M16.5 20h.1",
  layers: "m12 3 9 5-9 5-9-5 9-5Zm-9 9.5 9 5 9-5M3 17l9 5 9-5",
  repeat: "M4 11a8 8 0 0 1 14-4.5L20 9m0-5v5h-5m5 4a8 8 0 0 1-14 4.5L4 15m0 5v-5h5",
  puzzle: "M4 8h4a2 2 0 1 1 4 0h4v4a2 2 0 1 1 0 4v4H4V8Z",
  scale: "M12 4v16m-5 0h10M5 7h14M5 7l-3 7h6L5 7Zm14 0-3 7h6l-3-7Z",
  book: "M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3V4Zm0 13a3 3 0 0 1 3-3h11",
  chart: "M4 20V4m0 16h16M8 16v-5m4 5V7m4 9v-7",
  till: "M4 10h16v10H4V10Zm3 0V4h10v6M8 14h.1M12 14h.1M16 14h.1M8 17h.1M12 17h.1M16 17h.1",
  hash: "M9 4 7 20M17 4l-2 16M4 9h16M4 15h16",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1m2 4a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  key: "M14 10a5 5 0 1 1-4-4.9M13 9l7-6m-3 2.5 2.5 3",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-7 9c0-3.5 3-5 7-5s7 1.5 7 5m0-16a3.5 3.5 0 0 1 0 7m2 4c2.5.6 4 2 4 5",
  swap: "M4 8h15m-4-4 4 4-4 4M20 16H5m4-4-4 4 4 4",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6h.1M4.5 12h.1M4.5 18h.1",
  gear:
    "M12 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm0-12.5v2.5m0 13V21m9-9h-2.5m-13 0H3m15.4-6.4-1.800 1.800M7.4 16.6l-1.800 1.800m12.800 0-1.800-1.800M7.4 7.4 5.6 5.6",
  pulse: "M3 12h4l3-8 4 16 3-8h4",
  globe: "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0ZM3 12h18M12 3c5 5 5 13 0 18-5-5-5-13 0-18Z",
  more: "M5 12h.1M12 12h.1M19 12h.1",
  search: "M16.5 10.5a6 6 0 1 1-12 0 6 6 0 0 1 12 0Zm-1.5 4.5 5 5",
} as const;

export type IconName = keyof typeof paths;

/** An icon, hidden from screen readers: the text beside it says the same. Its colour is that of the text. */
export function Icon({ name }: { name: IconName }): Markup {
  return (
    <svg class="i" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
