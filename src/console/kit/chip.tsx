import type { Markup } from "../../pages/markup.ts";
import type { Language } from "../text/bilingual.ts";
import { Icon, type IconName } from "./icons.tsx";
import { type StatusKind, statusOf } from "./statuses.ts";

/** A chip has the colour of its icon. */
const tones: Readonly<Partial<Record<IconName, string>>> = {
  tick: "green",
  clock: "blue",
  phone: "blue",
  arrow: "blue",
  person: "blue",
  question: "amber",
  alert: "amber",
  half: "amber",
  double: "amber",
  cross: "red",
  back: "violet",
};

interface LabelProps {
  readonly icon: IconName;
  readonly word: string;
}

/** A chip: icon and word, never colour alone. */
export function Label({ icon, word }: LabelProps): Markup {
  return (
    <span class={`chip ${tones[icon] ?? "grey"}`}>
      <Icon name={icon} />
      {word}
    </span>
  );
}

interface ChipProps {
  readonly kind: StatusKind;
  /** The API's word. */
  readonly status: string;
  readonly language: Language;
}

/** The chip of a state. */
export function Chip({ kind, status, language }: ChipProps): Markup {
  const shown = statusOf(kind, status);
  return <Label icon={shown.icon} word={shown[language]} />;
}
