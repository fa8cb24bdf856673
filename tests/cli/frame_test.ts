import assert from "node:assert/strict";
import { command, type Group, UsageError } from "../../src/cli/frame/command.ts";
import { reasonOf } from "../../src/cli/frame/failure.ts";
import { commandHelp, groupHelp } from "../../src/cli/frame/help.ts";
import { paintFor, tableOf } from "../../src/cli/frame/output.ts";
import { PortInUse } from "../../src/platform/deno.ts";
import { parse } from "../../src/cli/frame/parse.ts";

const listen = command({
  summary: "prints events",
  words: ["ID", "[NUMBER...]"],
  options: { to: { value: "URL", help: "where to send them" }, once: { help: "stops after one" } },
  examples: ["evt_1 --once"],
  run: () => Promise.resolve(),
});
const group: Group = { summary: "what there is", commands: { listen }, examples: [""] };

Deno.test("parse() takes what the command names, and json and help besides", () => {
  assert.deepEqual(parse(listen, ["evt_1", "--to", "http://a", "7", "8", "--json"]), {
    words: ["evt_1", "7", "8"],
    options: { to: "http://a" },
    json: true,
    help: false,
  });
  assert.equal(parse(listen, ["--help"]).help, true, "help needs no words");
  assert.equal(parse(listen, ["-h"]).help, true);
});

Deno.test("parse() says in a sentence what is wrong", () => {
  const complaint = (...args: string[]): string => {
    try {
      parse(listen, args);
    } catch (error) {
      assert.ok(error instanceof UsageError);
      return error.message;
    }
    return "";
  };
  assert.equal(complaint("evt_1", "--what"), "There is no option --what.");
  assert.equal(complaint(), "Missing: ID.");
  assert.match(complaint("evt_1", "--to"), /^Option '--to <value>' argument missing\.$/);
  assert.match(complaint("evt_1", "--once=yes"), /^Option '--once' does not take an argument\.$/);
  assert.throws(() => parse({ ...listen, words: ["ID"] }, ["a", "b"]), /Unexpected: b\./);
});

Deno.test("help names words, options, examples and exit codes", () => {
  assert.equal(
    commandHelp("malipo listen", listen),
    `malipo listen ID [NUMBER...] [--to URL] [--once]

Prints events.

Options
  --to URL  where to send them
  --once    stops after one
  --json    prints JSON, one object a line
  --help    prints this text

Example
  malipo listen evt_1 --once`,
  );
  assert.match(groupHelp("malipo", group), /^malipo listen ID \[NUMBER\.\.\.\] {2}prints events\n\nWhat there is\.\n/);
  assert.match(groupHelp("malipo", group), /0 done, 1 failed, 2 wrong use/);
});

Deno.test("a table has columns; colours are for terminals", () => {
  const rows = [{ id: "mer_1", name: "Duka", scopes: ["a", "b"] }, { id: "mer_22", name: null, scopes: [] }];
  assert.equal(
    tableOf(rows, paintFor(false)),
    "ID      NAME  SCOPES\nmer_1   Duka  a b\nmer_22  -",
  );
  assert.equal(paintFor(false).red("x"), "x");
  if (!Deno.noColor) assert.equal(paintFor(true).red("x"), "\x1b[31mx\x1b[0m");
});

Deno.test("a failure is a sentence with what to do", () => {
  assert.match(reasonOf(new PortInUse(8000)), /port 8000 is in use .* PORT=8001\.$/);
  assert.match(reasonOf(new Error("no such table: payouts")), /deno task migrate/);
  assert.doesNotMatch(reasonOf(new Error("for 254712345678")), /254712345678/, "no whole phone number");
});
