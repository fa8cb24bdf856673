// @ts-types="../../src/db/libsql-addon.d.ts"
import Libsql from "libsql";

/** Run by lock.ts: takes a lock by the SQL given, says so, and holds it until its input ends. */
const [url = "", sql = ""] = Deno.args;
const db = new Libsql(url.slice("file:".length), { timeout: 1000 });
db.exec(sql);
console.log("held");
for await (const _ of Deno.stdin.readable) { /* nothing is sent */ }
if (db.inTransaction) db.exec("ROLLBACK");
db.close();
