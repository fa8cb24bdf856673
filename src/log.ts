export type Fields = Readonly<Record<string, unknown>>;

/** Structured logging: one line an event. Fields never hold personal data or secrets. */
export interface Log {
  write(level: "info" | "warn" | "error" | "alert", event: string, fields?: Fields): void;
}
