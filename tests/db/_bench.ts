import { withDatabase, type DatabaseKind } from "../support/database.ts";
import { statement } from "../../src/db/query.ts";
import type { Database, Statement } from "../../src/db/database.ts";
const at = Date.now(); const blob = crypto.getRandomValues(new Uint8Array(200)); let n = 0;
const blob32 = () => crypto.getRandomValues(new Uint8Array(32));
function batch(): Statement[] { const i = String(n++).padStart(20, "0");
  return [
    statement("INSERT INTO checkouts (id,merchant_id,shortcode_id,status,amount,currency,reference,account_reference,account_key,description,return_url,metadata,expires_at,cancelled_at,expired_at,created_at,updated_at,version) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", "chk_"+i,"mer_1","sho_1","pending",15000,"KES","order-"+i,"ACC"+i.slice(-6),"acc","pay",null,"{}",at+1000000,null,null,at,at,1),
    statement("INSERT INTO attempts (id,checkout_id,status,phone,phone_index,phone_masked,evidence,polls,created_at) VALUES (?,?,?,?,?,?,?,?,?)","att_"+i,"chk_"+i,"pending",blob.subarray(0,60),blob32().subarray(0,16),"2547",0,0,at),
    statement("INSERT INTO jobs VALUES (?,?,?,?,?,?,?,?,?,?,?)","job_"+i,"poll","att_"+i,"mer_1","queued",at,null,0,null,at,at),
    statement("INSERT INTO events VALUES (?,?,?,?,?,?)","evt_"+i,"mer_1","checkout.created","chk_"+i,"{}",at),
    statement("INSERT INTO audit (merchant_id,actor,action,subject_id,request_id,data,at) VALUES (?,?,?,?,?,?,?)","mer_1","cli","checkout.created","chk_"+i,"req","{}",at),
    statement("INSERT INTO idempotency_keys VALUES (?,?,?,?,?,?,?,?)","mer_1",i,blob32(),null,null,null,at,at),
    statement("INSERT INTO counters VALUES ('day',?,?,1) ON CONFLICT (name) DO UPDATE SET total=total+excluded.total",1,1e12),
    statement("UPDATE checkouts SET version = version + 1 WHERE id = ?","chk_"+i),
  ]; }
const read = (i: number) => [statement("SELECT * FROM checkouts WHERE id = ?","chk_"+String(i).padStart(20,"0")), statement("SELECT * FROM attempts WHERE checkout_id = ? ORDER BY id","chk_"+String(i).padStart(20,"0"))];
async function go(label: string, work: (i: number) => Promise<unknown>, c: number, ms: number, per: number) { let done = 0, k = 0; const lat: number[] = []; const end = performance.now()+ms; const t0=performance.now();
  await Promise.all(Array.from({length:c}, async()=>{ while(performance.now()<end){ const t=performance.now(); await work(k++ % 2000); done++; lat.push(performance.now()-t);} }));
  const s=(performance.now()-t0)/1000; lat.sort((a,b)=>a-b); console.log(`  ${label} c=${c}: ${(done/s)|0}/s ${(done*per/s)|0} stmts/s p50 ${lat[(lat.length/2)|0]!.toFixed(2)} p99 ${lat[(lat.length*0.99)|0]!.toFixed(2)} ms`); }
for (const kind of (Deno.args.length ? Deno.args : ["file","sqld"]) as DatabaseKind[]) await withDatabase(kind, async (db) => {
  await db.write([statement("INSERT INTO merchants VALUES ('mer_1','x',1)"), statement("INSERT INTO shortcodes VALUES ('sho_1','mer_1','paybill','600000',NULL,'x',1,x'00',1,1)")]);
  console.log(kind); await go("warm", () => db.write(batch()), 64, 500, 8);
  for (const c of [1, 64]) await go("write", () => db.write(batch()), c, 2000, 8);
  for (const c of [1, 8, 64]) await go("read", (i) => db.read(read(i)), c, 1500, 2);
});
