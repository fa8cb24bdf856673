/** One page of a list, newest first. */
export interface Page<T> {
  readonly data: readonly T[];
  /** The `cursor` of the next page; null on the last page. */
  readonly next_cursor: string | null;
}

/**
 * A list. `await` it to get the first page, or use `for await` to get all items:
 * `for await (const checkout of malipo.checkouts.list({ status: "review" })) ...`
 */
export class List<T, P extends Page<T> = Page<T>> implements PromiseLike<P>, AsyncIterable<T> {
  readonly #load: (cursor?: string) => Promise<P>;
  constructor(load: (cursor?: string) => Promise<P>) {
    this.#load = load;
  }

  /** Makes `await list` return the first page. */
  then<A = P, B = never>(
    taken?: ((page: P) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#load().then(taken, failed);
  }

  /** All pages, one after another. */
  async *pages(): AsyncGenerator<P, void, undefined> {
    let page = await this.#load();
    yield page;
    while (page.next_cursor !== null) {
      page = await this.#load(page.next_cursor);
      yield page;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const { data } of this.pages()) yield* data;
  }
}
