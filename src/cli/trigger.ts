import { API_DETAILS, apiOptions, connect, localConfig } from "./api/connect.ts";
import { command, CommandFailed, UsageError } from "./frame/command.ts";
import type { Output } from "./frame/output.ts";
import { storyLines } from "./explain/story.ts";
import { type Played, type Scenario, scenarios } from "./trigger/scenarios.ts";
import { simulatorIsAway, Stage } from "./trigger/stage.ts";

const USUAL_SECONDS = 30;

/** `trigger`: plays one thing that happens to payments, against the simulator of `deno task dev`. */
export const trigger = command({
  summary: "plays one thing that happens to payments, against the simulator of deno task dev",
  details: `It makes a checkout or payout and lets the simulator's customer do the rest, then tells the story. ` +
    `${API_DETAILS}`,
  words: ["[SCENARIO]"],
  options: {
    list: { help: "lists the scenarios" },
    amount: { value: "KES", help: "whole shillings; 100 if left out" },
    wait: { value: "SECONDS", help: "how long to wait for the end, 0 does not wait; twice its usual time if left out" },
    simulator: { value: "URL", help: "the simulator; else that of the settings (http://127.0.0.1:8001)" },
    ...apiOptions,
  },
  examples: ["--list", "callback-lost", "paid-twice --amount 250"],
  async run({ words: [name], options, out }) {
    if (options.list === true) return list(out);
    const scenario = name !== undefined && Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
    if (name === undefined || scenario === undefined) {
      throw new UsageError(
        `${name === undefined ? "Name a scenario" : `There is no scenario ${name}`}; --list shows them.`,
      );
    }
    const usual = scenario.seconds ?? USUAL_SECONDS;
    const [shillings, seconds] = [
      whole("amount", options.amount ?? "100", 1),
      whole("wait", options.wait ?? String(2 * usual), 0),
    ];
    const simulator = options.simulator ?? localConfig()?.daraja.baseUrl ?? "";
    await checkSimulator(simulator);
    const { malipo } = connect(options, "cli_demo");
    const stage = new Stage(malipo, simulator, shillings, name, seconds * 1_000);
    const takes = scenario.seconds === undefined ? "" : ` It takes about ${scenario.seconds} s.`;
    out.json ||
      console.log(
        `${out.paint.bold(name)}: ${scenario.what}.${takes} ${out.paint.dim(`Reference ${stage.reference}.`)}`,
      );
    const waiting = out.progress("Waiting for the end, seconds");
    const began = performance.now();
    const timer = setInterval(() => waiting.update(Math.round((performance.now() - began) / 1_000)), 250);
    const played = await scenario.play(stage).finally(() => {
      clearInterval(timer);
      waiting.end();
    });
    await tell(out, stage, scenario, played);
    if (seconds === 0 || scenario.ends.split(/\W/)[0] === played.status) return 0;
    out.warn(
      `It has not ended so in ${seconds} s. Wait longer (--wait), or look later: deno task malipo explain ${played.id}.`,
    );
    return 1;
  },
});

function list(out: Output): void {
  const rows = Object.entries(scenarios).map(([scenario, { what, ends, seconds = USUAL_SECONDS }]) => ({
    scenario,
    what: seconds === USUAL_SECONDS ? what : `${what} (${seconds} s)`,
    ends,
  }));
  if (out.json || out.isTerminal) return out.table(rows);
  for (const { scenario, what } of rows) console.log(`${scenario.padEnd(24)}  ${what}`);
}

async function tell(out: Output, { malipo }: Stage, { ends }: Scenario, { kind, id, status }: Played): Promise<void> {
  const resource = { checkout: malipo.checkouts, payout: malipo.payouts, payment: malipo.payments }[kind];
  const { data } = await resource.timeline(id);
  const { bold, dim } = out.paint;
  out.record(
    { kind, id, status, ends, timeline: data },
    [
      ...storyLines(data.filter(({ kind }) => kind !== "told"), out.paint), // `listen` shows the events
      `${bold(status)}: ${kind} ${id}. ${dim(`Expected in the end: ${ends}.`)}`,
      dim(`deno task malipo explain ${id} tells the rest later.`),
    ].join("\n"),
  );
}

function whole(name: string, text: string, least: number): number {
  if (/^\d{1,6}$/.test(text) && Number(text) >= least) return Number(text);
  throw new UsageError(`--${name} is a whole number from ${least} up.`);
}

/** Nothing is ever triggered at Daraja itself. */
async function checkSimulator(url: string): Promise<void> {
  const answer = await fetch(`${url}/_simulator/requests?operation=none`).catch(() => null);
  await answer?.body?.cancel();
  if (answer?.ok !== true) throw new CommandFailed(simulatorIsAway(url));
}
