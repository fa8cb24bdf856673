import type { Services } from "../../context/services.ts";
import type { CapabilityKind } from "../../crypto/capability.ts";

/** The URL at which Daraja reports one kind of result about one row. The capability in it is the proof of origin. */
export const callbackUrl = (
  { config, capabilities }: Pick<Services, "config" | "capabilities">,
  kind: CapabilityKind,
  subjectId: string,
  version = 1,
): string => `${config.server.publicUrl}/notify/${capabilities.mint(kind, subjectId, version)}`;
