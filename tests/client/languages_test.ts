import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import { withProduct } from "../support/product.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

interface Language {
  readonly name: string;
  readonly command: string;
  /** The folder of the client below src/, and its file. */
  readonly folder: string;
  readonly file: string;
  /** Calls `receive` of the README with the delivery in a file, and prints what it answers. */
  readonly delivery: string;
  /** What makes a client that nobody set up, and prints its error. */
  readonly unset: string;
}

const languages: readonly Language[] = [
  {
    name: "Python",
    command: "python3",
    folder: "client-python",
    file: "malipo.py",
    delivery:
      `import json\ngiven = json.load(open("delivery.json"))\nprint(receive(given["body"].encode(), given["headers"]))\n`,
    unset:
      `from malipo import Malipo, MalipoError\ntry:\n    Malipo()\nexcept MalipoError as error:\n    print(error)\n`,
  },
  {
    name: "PHP",
    command: "php",
    folder: "client-php",
    file: "Malipo.php",
    delivery:
      `$given = json_decode(file_get_contents('delivery.json'), true);\necho receive($given['body'], $given['headers']), "\\n";\n`,
    unset:
      `<?php\nrequire __DIR__ . '/Malipo.php';\ntry { new Malipo\\Malipo(); } catch (Malipo\\MalipoError $error) { echo $error->getMessage(), "\\n"; }\n`,
  },
];

const isInstalled = async (command: string): Promise<boolean> => {
  try {
    return (await new Deno.Command(command, { args: ["--version"], stdout: "null", stderr: "null" }).output()).success;
  } catch {
    return false;
  }
};

async function run(command: string, file: string, cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args: [file], cwd, stdin: "null" }).output();
  const [out = "", err = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.ok(success, `${file}: ${out}${err}`);
  return out;
}

const delivery = (id: string, body: string): string => {
  const at = new Date(Date.now() - Date.now() % 1000);
  return JSON.stringify({
    body,
    headers: {
      "Webhook-Id": id,
      "Webhook-Timestamp": String(at.getTime() / 1000),
      "Webhook-Signature": new Webhook(SECRET).sign("evt_1", at, body),
    },
  });
};

for (const language of languages) {
  const { name, command, folder, file } = language;
  const installed = await isInstalled(command);
  assert.ok(installed || Deno.env.get("CI") === undefined, `${command} is needed where CI is set`);
  Deno.test({
    name: `the ${name} client: its quick start pays, and only what Malipo signed is received`,
    ignore: !installed,
    fn: async () => {
      const source = new URL(`../../src/${folder}/`, import.meta.url);
      const readme = await Deno.readTextFile(new URL("README.md", source));
      const [start = "", receiving = ""] = [...readme.matchAll(/```(?:python|php)\n([^]*?)```/g)].map(([, code]) =>
        code
      );
      const shop = await Deno.makeTempDir({ prefix: "malipo-shop-" });
      const write = (path: string, text: string) => Deno.writeTextFile(`${shop}/${path}`, text);
      try {
        await Deno.copyFile(new URL(file, source), `${shop}/${file}`);
        await withProduct({ env: { SIMULATOR_CALLBACK_DELAY_MS: "50" } }, async (product) => {
          const here = start.replace("http://127.0.0.1:8000", product.api);
          await write("start", here);
          assert.match(await run(command, "start", shop), /^succeeded ([A-Z0-9]{10})\n\1\n$/);
          assert.match(await run(command, "start", shop), /^succeeded/, "the same key finds the same checkout");
          const { data } = await (await fetch(`${product.simulator}/_simulator/transactions`)).json();
          assert.equal(data.length, 1, "one payment");
          await write("declined", here.replaceAll("order-1001", "order-1002").replace("0712345678", "0700001032"));
          assert.match(await run(command, "declined", shop), /^open .*cancelled/);
        });
        await write("receive", `${receiving}\n${language.delivery}`);
        const body = JSON.stringify({ id: "evt_1", type: "checkout.succeeded", data: { reference: "ü-1" } });
        await write("delivery.json", delivery("evt_1", body));
        assert.equal(await run(command, "receive", shop), "deliver ü-1 once for evt_1\n204\n");
        await write("delivery.json", delivery("evt_2", body));
        assert.equal(await run(command, "receive", shop), "400\n");
        await write("unset", language.unset);
        assert.match(await run(command, "unset", shop), /^not_configured: .*MALIPO_CLIENT_ID.*MALIPO_URL/);
      } finally {
        await Deno.remove(shop, { recursive: true });
      }
    },
  });
}
