import { z } from "zod";
import { timestamp, version } from "../http/fields.ts";
import { idParam, operation } from "../http/operation.ts";
import { listQuery, merchantQuery, pageSchema } from "../http/pagination.ts";

const job = z.object({
  id: z.string().meta({ examples: ["job_01kamcvdf2ej5s2k8sxw9ggk6w"] }),
  kind: z.string().meta({ examples: ["notice"] }),
  subject: z.string().meta({ examples: ["ntc_01kamcvdf2ej5s2k8sxw9ggk6x"] }),
  status: z.enum(["queued", "running", "dead"]),
  attempts: z.int(),
  run_at: timestamp,
  last_error: z.string().nullable(),
  created_at: timestamp,
  version,
}).meta({ id: "Job", description: "A background job. `dead`: it failed too often and waits for a person." });
export type JobView = z.infer<typeof job>;

export const listJobs = operation({
  id: "listJobs",
  method: "GET",
  path: "/v1/jobs",
  tag: "Operations",
  summary: "List jobs that wait, run or are dead, newest first",
  description: "Background work that has not ended. `status=dead` lists what was given up and needs a person.",
  scope: "operator",
  reach: "platform",
  query: z.strictObject({
    ...listQuery("the ids of the job and of its subject"),
    ...merchantQuery,
    status: z.enum(["queued", "dead"]).optional(),
  }),
  status: 200,
  response: pageSchema(job),
  problems: ["invalid_query"],
});

export const retryJob = operation({
  id: "retryJob",
  method: "POST",
  path: "/v1/jobs/{id}/retry",
  tag: "Operations",
  summary: "Run a dead job again",
  description: "The job runs again as soon as there is a place for it.",
  scope: "operator",
  reach: "platform",
  params: idParam,
  status: 200,
  response: job,
  problems: ["not_found", "wrong_state"],
  idempotency: "accepted",
});
