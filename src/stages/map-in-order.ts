/**
 * Does asynchronous work on every item, on at most `limit` at a time (asked before each item), and gives the results in the order of the items. The event loop gets a
 * turn before each. Rejects at the first failure and then starts nothing more.
 */
export async function mapInOrder<Item, Result>(
  items: readonly Item[],
  limit: () => number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Promise<Result>[] = []
  const running = new Set<Promise<Result>>()
  let failure: { readonly reason: unknown } | undefined
  for (const [index, item] of items.entries()) {
    while (running.size >= limit() && !failure) await Promise.race(running)
    await new Promise((resolve) => setTimeout(resolve, 0))
    if (failure) throw failure.reason
    const result = work(item, index)
    results.push(result)
    running.add(result)
    result.then(
      () => running.delete(result),
      (reason) => {
        failure ??= { reason }
      },
    )
  }
  return Promise.all(results)
}
