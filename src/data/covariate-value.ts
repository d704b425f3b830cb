import { readNumber, type ValueFault } from './cell-number.js'
import { didYouMean } from './nearest-name.js'
import type { Covariate } from './protocol-fields.js'
import { listing, quoted } from './wording.js'

export type CovariateReading = { readonly value: number | string } | { readonly fault: ValueFault }

/**
 * The value that a text stands for under the declared type: a number (continuous), 0 or 1 (binary, from 0, 1 or the labels), a level
 * (categorical). The range is not looked at.
 */
export function readCovariateValue(text: string, covariate: Covariate): CovariateReading {
  if (covariate.type === 'continuous') return readNumber(text)
  const labels = covariate.type === 'binary' ? (covariate.labels ?? []) : covariate.levels
  const position = labels.findIndex((label) => isSameLabel(text, label))
  if (covariate.type === 'categorical')
    return position >= 0 ? { value: labels[position] } : unknownLevel(text, covariate.name, labels)
  if (position >= 0) return { value: position }
  const code = ['0', '1'].findIndex((digit) => isSameLabel(text, digit))
  return code >= 0 ? { value: code } : notBinary(text, covariate.name, labels)
}

/** Same text, or the same number written differently: `1` and `1.0`. */
export function isSameLabel(text: string, label: string): boolean {
  if (text === label) return true
  const [first, second] = [readNumber(text), readNumber(label)]
  return 'value' in first && 'value' in second && first.value === second.value
}

function unknownLevel(text: string, name: string, levels: readonly string[]): CovariateReading {
  return {
    fault: {
      code: 'unknown-level',
      message: `${quoted(text)} is not a level of ${name}`,
      remedy: `The protocol knows ${listing(levels)}: correct the cell, or add the level to the protocol.${didYouMean(text, levels)}`,
    },
  }
}

function notBinary(text: string, name: string, labels: readonly string[]): CovariateReading {
  const allowed = labels.length ? listing(['0', '1', ...labels], 'or') : '0 or 1'
  const hint = labels.length ? didYouMean(text, labels) : ' Words for 0 and 1 can be given as `labels` in the protocol.'
  return {
    fault: {
      code: 'not-binary',
      message: `${quoted(text)} is not a value of the binary covariate ${name}`,
      remedy: `Write ${allowed}.${hint}`,
    },
  }
}
