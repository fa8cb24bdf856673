/**
 * What a simulated process runs: the service itself, as one module, so that a run can have a copy of it with a planted bug,
 * or two releases side by side.
 */
export { createApp } from "../../../src/app/app.ts";
export { jobHandlers } from "../../../src/app/job-handlers.ts";
export { createServices } from "../../../src/app/services.ts";
export { sweep } from "../../../src/app/sweep.ts";
export { createTokens } from "../../../src/auth/tokens.ts";
export { seed } from "../../../src/cli/seed.ts";
export { formatProblems, loadConfig } from "../../../src/config/config.ts";
export { createCapabilities } from "../../../src/crypto/capability.ts";
export { setUuids } from "../../../src/crypto/ids.ts";
export { createVault } from "../../../src/crypto/vault.ts";
export { ConstraintError, DatabaseUnavailable } from "../../../src/db/database.ts";
export { runBatch, runInSavepoint } from "../../../src/db/run-batch.ts";
export { isBusy, storeError } from "../../../src/db/sqlite-error.ts";
export { Connection } from "../../../src/db/sqlite.ts";
export { GroupQueue, GroupRefused } from "../../../src/db/writer.ts";
export { createDenoAead } from "../../../src/platform/deno/aead.ts";
export { createMemoryKeyValue } from "../../../src/platform/memory.ts";
export { OutboundError } from "../../../src/platform/ports.ts";
