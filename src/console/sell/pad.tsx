import type { Markup } from "../../pages/markup.ts";
import { Icon } from "../kit/icons.tsx";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "00", "0"] as const;

/** The keys of a till, 64 px high. They type for the script; without it the field itself is there. */
export const Pad = ({ label, rubOut }: { label: string; rubOut: string }): Markup => (
  <div class="pad" role="group" aria-label={label} data-pad="">
    {KEYS.map((key) => <button type="button" class="quiet" data-digit={key}>{key}</button>)}
    <button type="button" class="quiet" data-digit="" aria-label={rubOut}>
      <Icon name="back" />
    </button>
  </div>
);
