/* The first that fits counts: Edge and Opera also call themselves Chrome, and Chrome also Safari. */
const BROWSERS = [["Edg", "Edge"], ["OPR", "Opera"], ["Firefox", "Firefox"], ["Chrome", "Chrome"], [
  "Safari",
  "Safari",
]];
const SYSTEMS = [["Android", "Android"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Windows", "Windows"], [
  "Mac OS X",
  "macOS",
], ["Linux", "Linux"]];

const nameIn = (agent: string, names: readonly (readonly string[])[]): string | undefined =>
  names.find(([part = ""]) => agent.includes(part))?.[1];

/** A browser in two words, as its user knows it: `Chrome, Android`. A program's own name is cut. */
export function browserName(agent: string): string {
  const names = [nameIn(agent, BROWSERS), nameIn(agent, SYSTEMS)].filter((name) => name !== undefined);
  return names.length > 0 ? names.join(", ") : agent.slice(0, 40);
}
