// The part of the addon's asynchronous face that is used.
export default class AsyncLibsql {
  private constructor();
  /** Runs on a thread of the addon's own; takes the connection of either face. */
  exec(sql: string): Promise<void>;
}
