/** Names in a message before the rest is only counted. */
const longestList = 10

/** Names separated by commas, cut after ten. */
export function listed(names: readonly string[]): string {
  const rest = names.length - longestList
  return rest > 0 ? `${names.slice(0, longestList).join(', ')} and ${rest} more` : names.join(', ')
}
