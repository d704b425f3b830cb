import type { ValueFault } from './cell-number.js'
import { isSameLabel } from './covariate-value.js'
import { didYouMean } from './nearest-name.js'
import type { Protocol } from './protocol.js'
import { quoted } from './wording.js'

/** The arm of a patient from the labels of the protocol: 0 control, 1 treated. */
export function readArm(
  text: string,
  { control, treated }: Protocol['data']['treatment'],
): { value: 0 | 1 } | { fault: ValueFault } {
  if (isSameLabel(text, control)) return { value: 0 }
  if (isSameLabel(text, treated)) return { value: 1 }
  return {
    fault: {
      code: 'unknown-treatment',
      message: `${quoted(text)} is neither the control "${control}" nor the treated "${treated}"`,
      remedy: `Correct the cell or the labels in the protocol; with a third arm, take its patients out of the file first: two arms are compared.${didYouMean(text, [control, treated])}`,
    },
  }
}
