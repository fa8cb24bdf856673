import { List, type Page } from "./pages.ts";
import type { Timeline } from "./types.ts";
import type { CallOptions, ChangeOptions, Query, Transport } from "./transport.ts";

/** The calls under one path, such as `/v1/checkouts`. */
export abstract class Resource {
  constructor(protected readonly transport: Transport, protected readonly path: string) {}

  protected at(id: string, verb?: string): string {
    // because "." and ".." would change the path, and an empty id would address the list
    if (!/^\w{1,64}$/.test(id)) throw new TypeError(`"${id}" is not an id`);
    return `${this.path}/${id}${verb === undefined ? "" : `/${verb}`}`;
  }

  protected read<T>(id: string, options?: CallOptions): Promise<T> {
    return this.transport.get<T>(this.at(id), {}, options);
  }

  protected listPages<T, P extends Page<T> = Page<T>>(
    query: object,
    options?: CallOptions,
    path: string = this.path,
  ): List<T, P> {
    const asked = query as Query; // the fields of a query are strings and numbers
    return new List((cursor) =>
      this.transport.get<P>(path, cursor === undefined ? asked : { ...asked, cursor }, options)
    );
  }

  /** What happened, oldest first, in plain English. Errors: `not_found`. */
  protected readTimeline(id: string, options?: CallOptions): Promise<Timeline> {
    return this.transport.get<Timeline>(this.at(id, "timeline"), {}, options);
  }

  protected act<T>(id: string, verb: string, body?: unknown, options?: ChangeOptions): Promise<T> {
    return this.transport.post<T>(this.at(id, verb), body, options);
  }
}
