/** One step of a trace: the action, what Quint picked for it, and the variables after it. */
export interface Step {
  readonly action: string;
  readonly picks: Readonly<Record<string, Value>>;
  readonly state: Value;
  readonly shown: Value;
}

export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** Reads a trace in the Informal Trace Format, as Quint writes it. Maps become objects; numbers must be small. */
export function readTrace(text: string): Step[] {
  const { states } = JSON.parse(text) as { readonly states: readonly Readonly<Record<string, unknown>>[] };
  return states.map((each) => ({
    action: String(each["mbt::actionTaken"]),
    picks: plain(each["mbt::nondetPicks"]) as Record<string, Value>, // Quint writes one object
    state: plain(each["state"]),
    shown: plain(each["shown"]),
  }));
}

function plain(value: unknown): Value {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) throw new Error(`not a value of a trace: ${JSON.stringify(value)}`);
  const fields = value as Readonly<Record<string, unknown>>; // checked: an object
  if ("#bigint" in fields) return Number(fields["#bigint"]);
  if ("#tup" in fields) return plain(fields["#tup"]);
  if ("#map" in fields) return Object.fromEntries((plain(fields["#map"]) as [Value, Value][]).map(named)); // pairs
  if (fields["tag"] === "None") return null;
  if (fields["tag"] === "Some") return plain(fields["value"]);
  return Object.fromEntries(Object.entries(fields).map(([key, each]) => [key, plain(each)]));
}

const named = ([key, value]: [Value, Value]): [string, Value] => [String(key), value];
