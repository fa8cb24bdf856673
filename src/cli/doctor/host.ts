import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import type { Config } from "../../config/config.ts";
import { pathOf } from "../../db/file.ts";
import { type DoctorCheck, failed, passed, warned } from "./report.ts";

const MIB = 1_048_576;
const LEAST_MIB = 200;
const FEW_MIB = 1_024;

/** What the machine says of itself. */
export interface Machine {
  /** Bytes that are free where `path` is; null where the system does not tell. */
  freeBytes(path: string): number | null;
  /** The mode of a file; null where there is none, or no modes. */
  modeOf(path: string): number | null;
  /** Whether a file can be made in the folder of `path`. */
  isWritable(path: string): boolean;
}

/** Checks the files of the database and of the KV store: who may read them, and whether there is room. */
export function checkFiles({ database, kv }: Config, machine: Machine): DoctorCheck[] {
  const files = [
    ...database.url.startsWith("file:") ? [pathOf(database.url)] : [],
    ...kv.path === null || kv.path === "default" || kv.path.startsWith(":") ? [] : [kv.path],
  ];
  const [first] = files;
  if (first === undefined) {
    return [passed("permissions", "The data are on a server."), passed("disk", "No file is used.")];
  }
  return [permissionsOf(files, machine), diskOf(first, machine)];
}

function permissionsOf(files: readonly string[], machine: Machine): DoctorCheck {
  const closed = files.find((path) => !machine.isWritable(path));
  if (closed !== undefined) {
    const remedy = `Let the service's user own ${dirname(closed)}.`;
    return failed("permissions", `No file can be written beside ${closed}.`, remedy);
  }
  const open = files.filter((path) => ((machine.modeOf(path) ?? 0) & 0o077) !== 0);
  return open.length === 0 ? passed("permissions", "The data are the service's own.") : failed(
    "permissions",
    `Others on this machine may read ${open.join(", ")}.`,
    `chmod 600 ${open.join(" ")}`,
  );
}

function diskOf(path: string, machine: Machine): DoctorCheck {
  const free = machine.freeBytes(path);
  if (free === null) return warned("disk", "The system does not tell how much room there is.", "Look with df -h.");
  const mib = Math.floor(free / MIB);
  const detail = `${mib} MiB are free beside ${path}.`;
  const remedy = "Make room: without it no payment can be recorded.";
  if (mib < LEAST_MIB) return failed("disk", detail, remedy);
  return mib < FEW_MIB ? warned("disk", detail, remedy) : passed("disk", detail);
}

/** This machine. */
export const thisMachine: Machine = {
  freeBytes(path) {
    try {
      const { bavail, bsize } = statfsSync(dirname(path));
      return Number(bavail) * Number(bsize);
    } catch {
      return null;
    }
  },
  modeOf(path) {
    try {
      return Deno.statSync(path).mode;
    } catch {
      return null;
    }
  },
  isWritable(path) {
    const probe = `${dirname(path)}/.malipo-doctor-${crypto.randomUUID()}`;
    try {
      Deno.mkdirSync(dirname(path), { recursive: true });
      Deno.writeTextFileSync(probe, "");
      Deno.removeSync(probe);
      return true;
    } catch {
      return false;
    }
  },
};
