/** The fewest digits that give back the same float64; `String` alone drops the sign of negative zero. */
export function exactText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}
