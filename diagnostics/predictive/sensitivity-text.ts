import type { Sensitivity, SensitivityRow } from './power-scaling.js'

const meaning: Readonly<Record<SensitivityRow['diagnosis'], string>> = {
  none: '-',
  'prior-data conflict': 'prior-data conflict: prior and data pull apart; check both',
  'weak likelihood': 'strong prior or weak likelihood: the data say little beside the prior; justify it',
}

/** The sensitivities as an aligned text table, then the warnings. No final newline. */
export function sensitivityText({ rows, warnings }: Sensitivity): string {
  const width = Math.max('quantity'.length, ...rows.map(({ name }) => name.length))
  return [
    `${'quantity'.padEnd(width)}  prior  likelihood  diagnosis`,
    ...rows.map(
      ({ name, prior, likelihood, diagnosis }) =>
        `${name.padEnd(width)}  ${prior.toFixed(3)}  ${likelihood.toFixed(3).padStart(10)}  ${meaning[diagnosis]}`,
    ),
    ...warnings,
  ].join('\n')
}
