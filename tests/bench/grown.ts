/** What must not grow, and by how much its later values may exceed the earlier ones: a part, and a little. */
const kept = [
  { name: "MiB", part: 0.1, little: 16 },
  { name: "handles", part: 0.1, little: 32 },
  { name: "jobs", part: 0.1, little: 50 },
] as const;
/** One minute's measures. */
export type Kept = Readonly<Record<typeof kept[number]["name"], number>>;

const mean = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0) / list.length;

/** What has grown from the first third to the last; the first minute warms up and counts for nothing. */
export function grown(rows: readonly Kept[]): readonly string[] {
  const warm = rows.slice(1);
  const third = Math.max(1, Math.floor(warm.length / 3));
  return kept.flatMap(({ name, part, little }) => {
    const [early, late] = [warm.slice(0, third), warm.slice(-third)].map((some) => mean(some.map((row) => row[name])));
    if (early === undefined || late === undefined || late <= early * (1 + part) + little) return [];
    return [`${name} grew from ${early.toFixed(0)} to ${late.toFixed(0)}`];
  });
}
