import type { Markup } from "../markup.ts";

const paths = {
  phone:
    "M8 2.8h8a1.5 1.5 0 0 1 1.5 1.5v15.4a1.5 1.5 0 0 1-1.5 1.5H8a1.5 1.5 0 0 1-1.5-1.5V4.3A1.5 1.5 0 0 1 8 2.8ZM10.8 18.2h2.4",
  tick: "m5 12.8 4.6 4.6L19.2 7.4",
  cross: "m6.5 6.5 11 11m0-11-11 11",
  question: "M8.9 9a3.2 3.2 0 1 1 4.6 2.9c-1 .5-1.5 1.1-1.5 2.3m0 3.4v.1",
  alert: "M12 5.500v8m0 4.400v.1",
  clock: "M12 7v5.2l3.4 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
} as const;

/** An icon, hidden from screen readers: the text beside it says the same. */
export function Icon({ name }: { name: keyof typeof paths }): Markup {
  return (
    <span class="mark">
      <svg
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
        stroke-linejoin="round"
        aria-hidden="true"
      >
        <path d={paths[name]} />
      </svg>
    </span>
  );
}
