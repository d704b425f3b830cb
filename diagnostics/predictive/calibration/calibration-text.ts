import type { Calibration, QuantityCalibration } from './calibration-test.js'

const bars = '▁▂▃▄▅▆▇█'

/**
 * The outcome of a calibration by simulation as plain text: the verdict, a line for each quantity with its rank histogram, then
 * remarks. No final newline.
 */
export function calibrationText(calibration: Calibration): string {
  const { quantities, replicateCount, rankedDraws, alpha } = calibration
  const rejected = quantities.filter(({ isRejected }) => isRejected)
  const width = Math.max(8, ...quantities.map(({ name }) => name.length))
  const verdict =
    rejected.length > 0
      ? `Calibration failed: the ranks of ${rejected.length} of ${quantities.length} quantities are not uniform`
      : `Calibration passed: the ranks of all ${quantities.length} quantities agree with uniform ones`
  return [
    `${verdict} (${replicateCount} replicates, ranks 0 to ${rankedDraws}, family-wise level ${alpha}).`,
    `${'quantity'.padEnd(width)}  p-value  adjusted  ranks`,
    ...quantities.map((quantity) => line(quantity, width)),
    ...remarks(calibration),
  ].join('\n')
}

function line({ name, pValue, adjustedPValue, histogram, isRejected, deviation }: QuantityCalibration, width: number): string {
  const largest = Math.max(1, ...histogram)
  const drawn = histogram.map((count) => bars[Math.round((count / largest) * (bars.length - 1))]).join('')
  const numbers = `${pValue.toPrecision(2).padStart(7)}  ${adjustedPValue.toPrecision(2).padStart(8)}`
  return `${name.padEnd(width)}  ${numbers}  ${drawn}${isRejected ? `  posterior ${deviation}` : ''}`
}

function remarks({ shortReplicates, divergentReplicates, failedReplicates, rankedDraws }: Calibration): string[] {
  const lines: string[] = []
  if (shortReplicates > 0)
    lines.push(
      `${shortReplicates} replicates have an effective sample size below ${rankedDraws}: their ranks are more extreme than they should be. Take more draws.`,
    )
  if (divergentReplicates > 0) lines.push(`${divergentReplicates} replicates have divergent transitions.`)
  if (failedReplicates > 0)
    lines.push(`${failedReplicates} replicates could not be fitted; what is left is a selection of the data sets.`)
  return lines
}
