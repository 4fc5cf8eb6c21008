// A process that delivers, for ledger.test.ts, which kills it: ledger.child.ts '{"DATABASE_URL": …}'. Says "ready".
import { parseEnv } from "../../../app/lib/env";
import { startServices } from "../../../app/services.server";

await startServices(parseEnv(JSON.parse(process.argv[2] ?? "{}")), { runJobs: true });
console.log("ready");
