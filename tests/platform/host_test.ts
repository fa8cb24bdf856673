import assert from "node:assert/strict";
import { createDenoCron, readEnvironment, serve } from "../../src/platform/deno.ts";
import { keptLog } from "./support.ts";

const loopback = { hostname: "127.0.0.1", port: 0 };

Deno.test("a handler that throws is logged, and answered without a word of it", async () => {
  const log = keptLog();
  const server = serve(loopback, () => Promise.reject(new Error("inside")), log);
  const response = await fetch(`http://127.0.0.1:${server.port}/`);
  assert.equal(response.status, 500);
  assert.equal(await response.text(), "");
  assert.deepEqual(log.events, ["server.handler_failed"]);
  await server.stop(1000);
});

Deno.test("a server that stops answers what is under way and takes nothing new", async () => {
  const [arrived, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const server = serve(loopback, async () => {
    arrived.resolve();
    await release.promise;
    return new Response("done");
  }, keptLog());
  const answer = fetch(`http://127.0.0.1:${server.port}/`);
  await arrived.promise;
  const stopped = server.stop(60_000);
  release.resolve();
  assert.equal(await (await answer).text(), "done");
  assert.equal(await stopped, true);
  await assert.rejects(fetch(`http://127.0.0.1:${server.port}/`));
});

Deno.test("a server that stops waits no longer than its grace", async () => {
  const [arrived, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const server = serve(loopback, async () => {
    arrived.resolve();
    await release.promise;
    return new Response("late");
  }, keptLog());
  const answer = fetch(`http://127.0.0.1:${server.port}/`).then((response) => response.text());
  await arrived.promise;
  assert.equal(await server.stop(1), false);
  release.resolve();
  assert.equal(await answer, "late");
  assert.equal(await server.stop(60_000), true);
});

Deno.test("a tick never overlaps itself, survives its failures, and ends when stopped", async () => {
  const log = keptLog();
  const [third, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let [ticks, running, most] = [0, 0, 0];
  const job = createDenoCron(log).every("quick", 1, async () => {
    ticks += 1;
    running += 1;
    most = Math.max(most, running);
    if (ticks === 1) {
      running -= 1;
      throw new Error("on purpose");
    }
    if (ticks === 3) third.resolve();
    if (ticks === 3) await release.promise;
    running -= 1;
  });
  await third.promise;
  const stopped = job.stop();
  release.resolve();
  await stopped;
  assert.equal(most, 1);
  assert.equal(running, 0);
  assert.equal(ticks, 3);
  assert.deepEqual(log.events, ["cron.tick_failed"]);
});

Deno.test("a tick that throws at once is followed by another", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let ticks = 0;
  const job = createDenoCron(keptLog()).every("throws", 1, () => {
    ticks += 1;
    if (ticks === 2) resolve();
    throw new Error("on purpose");
  });
  await promise;
  await job.stop();
});

Deno.test("a tick each minute can be stopped, and started again under its name", async () => {
  const log = keptLog();
  for (let i = 0; i < 2; i++) {
    const job = createDenoCron(log).every("minutely", 60_000, () => Promise.resolve());
    await job.stop();
  }
  assert.deepEqual(log.events, []);
});

Deno.test("only the named variables are read", () => {
  assert.deepEqual(readEnvironment(["MALIPO_NOT_SET"]), { MALIPO_NOT_SET: undefined });
});

Deno.test("the process hears SIGINT and SIGTERM, and ends by itself", async () => {
  const program = `
    import { untilStopped } from ${JSON.stringify(import.meta.resolve("../../src/platform/deno/process.ts"))};
    const stop = untilStopped();
    const work = setInterval(() => {}, 1000);
    console.log("ready");
    console.log(await stop.signal);
    clearInterval(work);`;
  await Promise.all((["SIGINT", "SIGTERM"] as const).map(async (signal) => {
    const child = new Deno.Command(Deno.execPath(), { args: ["eval", program], stdout: "piped" }).spawn();
    let output = "";
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      output += chunk;
      if (output === "ready\n") child.kill(signal);
    }
    assert.equal(output, `ready\n${signal}\n`);
    assert.ok((await child.status).success);
  }));
});
