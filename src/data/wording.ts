/** `a`, `a and b`, `a, b and c`. */
export function listing(words: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`
}

/** `"a"`, cut to 24 characters: an offending cell is quoted only as far as it takes to find it. */
export function quoted(text: string): string {
  return text.length > 24 ? `"${text.slice(0, 24)}..."` : `"${text}"`
}

/** `1 patient`, `2 patients`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
