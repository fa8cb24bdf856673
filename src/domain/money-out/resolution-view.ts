import type { Resolution } from "../../db/schema.ts";
import { formatTime } from "../../http/fields.ts";

/** What a person decided, as the API answers it; null: nothing. */
export const resolutionView = (
  resolution: Resolution | null,
): { outcome: "succeeded" | "failed"; evidence: string; receipt: string | null; by: string; at: string } | null => {
  if (resolution === null) return null;
  const { outcome, evidence, receipt, by, at } = resolution;
  return { outcome, evidence, receipt, by, at: formatTime(at) };
};

/** What the audit trail says of a resolution: all but its evidence, which is free text and stays with the row. */
export const auditedResolution = ({ evidence: _evidence, ...rest }: Resolution): Omit<Resolution, "evidence"> => rest;
