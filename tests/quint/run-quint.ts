import { readTrace, type Step } from "./itf.ts";

const folder = new URL("../../docs/model/", import.meta.url);
const root = new URL("../../", import.meta.url);

/** The specifications of `docs/model`. */
export const specifications = ["checkout", "payout"] as const;
export type Specification = typeof specifications[number];

export const textOf = (name: Specification): Promise<string> => Deno.readTextFile(new URL(`${name}.qnt`, folder));

export interface QuintOptions {
  readonly seed: number;
  /** How many traces are written; as many are tried against the invariant. */
  readonly traces: number;
  readonly steps: number;
}

/**
 * Explores a specification with `quint run`. Answers the traces.
 * Throws an error with Quint's own words where the text is wrong or its invariant breaks.
 */
export async function runQuint(text: string, { seed, traces, steps }: QuintOptions): Promise<Step[][]> {
  const dir = await Deno.makeTempDir({ prefix: "quint-" });
  try {
    const file = `${dir}/specification.qnt`;
    await Deno.writeTextFile(file, text);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--frozen", "--allow-env", "--allow-read", "--allow-sys", `--allow-write=${dir}`],
        ...["npm:@informalsystems/quint@0.33.1", "run", "--backend=typescript", "--mbt", "--verbosity=1"],
        ...[`--out-itf=${dir}/trace_{seq}.itf.json`, `--n-traces=${traces}`, `--max-samples=${traces}`],
        ...[`--max-steps=${steps}`, `--seed=${seed}`, "--invariant=invariant", file],
      ],
      cwd: root,
      env: { NO_COLOR: "1" },
    }).output();
    if (code !== 0) {
      const words = [stdout, stderr].map((each) => new TextDecoder().decode(each)).join("\n");
      throw new Error(`quint run ended with code ${code}:\n${words.replaceAll(dir, "")}`);
    }
    return await Promise.all(
      Array.from({ length: traces }, async (_, n) => readTrace(await Deno.readTextFile(`${dir}/trace_${n}.itf.json`))),
    );
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
