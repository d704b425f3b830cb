import { quoted } from './wording.js'

/** What is wrong with the content of one cell. */
export interface ValueFault {
  readonly code: string
  readonly message: string
  readonly remedy: string
}

const decimalNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const infinity = /^[+-]?inf(inity)?$/i
const likelyMissing = /^(nan|null|none|n\/?a|na\.?|missing|unknown|[.\-?*#])$/i

/** A finite decimal number (point, no thousands separators), or why the text is none. */
export function readNumber(text: string): { readonly value: number } | { readonly fault: ValueFault } {
  const value = decimalNumber.test(text) ? Number(text) : Number.NaN
  if (Number.isFinite(value)) return { value }
  const isInfinite = infinity.test(text) || decimalNumber.test(text)
  if (isInfinite)
    return {
      fault: {
        code: 'infinite',
        message: `an infinite value (${quoted(text)})`,
        remedy: 'Correct the cell, or leave it empty if the value is not known.',
      },
    }
  return {
    fault: { code: 'not-a-number', message: `text where a number is expected (${quoted(text)})`, remedy: numberRemedy(text) },
  }
}

function numberRemedy(text: string): string {
  if (likelyMissing.test(text)) return `If it means missing, add ${quoted(text)} to data.missing in the protocol.`
  if (/^[+-]?\d+,\d+$/.test(text)) return 'Write decimals with a point, such as 1.5, and no thousands separators.'
  if (/\d\s*[a-z%]+$/i.test(text)) return 'Write the number alone; the unit belongs in the protocol.'
  return 'Correct the cell, or leave it empty if the value is not known.'
}
