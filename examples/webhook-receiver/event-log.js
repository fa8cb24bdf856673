// A file with one event a line. In a shop it is a table, with the event's id as its unique key: store the id in the
// same transaction as the change of the order, and neither can be lost without the other.
import { open, readFile } from "node:fs/promises";

export class EventLog {
  #stored = new Map(); // event id -> a promise that ends when the event is on the disk
  #file;

  /** Opens the file, and reads which events it holds. */
  static async open(path) {
    const log = new EventLog();
    const text = await readFile(path, "utf8").catch((error) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
    for (const line of text.split("\n")) {
      const id = idOf(line);
      if (id !== null) log.#stored.set(id, Promise.resolve());
    }
    log.#file = await open(path, "a");
    return log;
  }

  /** Stores an event. True for the first time; false for a copy. Ends when the event is on the disk. */
  async add(event) {
    const earlier = this.#stored.get(event.id);
    if (earlier !== undefined) {
      await earlier; // a copy is not answered before the first is safe
      return false;
    }
    const storing = this.#write(`\n${JSON.stringify(event)}`);
    this.#stored.set(event.id, storing);
    try {
      await storing;
      return true;
    } catch (error) {
      this.#stored.delete(event.id);
      throw error;
    }
  }

  async #write(text) {
    await this.#file.appendFile(text);
    await this.#file.datasync();
  }
}

/** Null for an empty line, and for one that was cut off by a crash: that event was not answered, so it comes again. */
function idOf(line) {
  try {
    return JSON.parse(line).id ?? null;
  } catch {
    return null;
  }
}
