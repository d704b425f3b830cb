const dash = '–'
const minus = '−'

/**
 * Decimals for an estimate with this standard error: as few as leave the rounding error within a sixth of it, which is one or two digits of the
 * standard error; at most 6.
 */
export function decimalsFor(standardError: number): number {
  if (!(standardError > 0) || !Number.isFinite(standardError)) return 2
  return Math.min(6, Math.max(0, Math.ceil(Math.log10(3 / standardError))))
}

/** A number with that many decimals and a true minus sign; a dash when it is not finite. */
export function formatNumber(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return dash
  const text = Math.abs(value).toFixed(decimals)
  return value < 0 && Number(text) !== 0 ? `${minus}${text}` : text
}

/** `lower to upper`. */
export function formatInterval(interval: { readonly lower: number; readonly upper: number }, decimals: number): string {
  return `${formatNumber(interval.lower, decimals)} to ${formatNumber(interval.upper, decimals)}`
}

/** A probability estimated from draws: two decimals, three near 0 and 1, never rounded to 0 or 1. */
export function formatProbability(probability: number): string {
  if (!Number.isFinite(probability)) return dash
  if (probability < 0.001) return '< 0.001'
  if (probability > 0.999) return '> 0.999'
  return probability.toFixed(probability < 0.01 || probability > 0.99 ? 3 : 2)
}

/** The same within a sentence: `more than 0.999`. */
export function probabilityInWords(probability: number): string {
  return formatProbability(probability).replace('> ', 'more than ').replace('< ', 'less than ')
}

/** A share of patients in per cent: whole numbers, one decimal under 1% and over 99%. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return dash
  const percent = share * 100
  return `${percent.toFixed(percent > 0 && percent < 100 && (percent < 1 || percent > 99) ? 1 : 0)}%`
}

/** A whole number with thin spaces between the thousands. */
export function formatCount(count: number): string {
  return Number.isFinite(count)
    ? Math.round(count)
        .toString()
        .replace(/\B(?=(\d{3})+$)/g, '\u202f')
    : dash
}

/** About three significant digits, for settings and diagnostics. */
export function formatSignificant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return dash
  return String(Number(value.toPrecision(digits))).replace(/^-/, minus)
}
