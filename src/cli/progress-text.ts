import type { ApproximationStanding, ChainStanding, RunStanding } from './stage-progress.js'

/** More chains than this are counted instead of shown. */
const SHOWN_CHAINS = 8
const STUDY_WIDTH = 16
/** A longer line would be broken in two, and rewriting would miss one. */
const LINE_WIDTH = 79

/** `trials 2 to 4 of 10, 24% of the run, 3 divergences, 0:12, about 2:40 left`, without what is not known. */
export function standingLine(standing: RunStanding): string {
  const { stage, fraction, divergences, seconds, secondsLeft } = standing
  return [
    stage === 'second' ? 'pooling' : trialsText(standing),
    `${Math.floor(100 * fraction)}% of the run`,
    `${divergences} ${divergences === 1 ? 'divergence' : 'divergences'}`,
    duration(seconds),
    ...(secondsLeft === undefined ? [] : [`about ${duration(secondsLeft)} left`]),
  ].join(', ')
}

function trialsText({ running, approximating, trialCount }: RunStanding): string {
  const numbers = [...running, ...approximating].map(({ trialIndex = 0 }) => trialIndex + 1)
  if (numbers.length === 0) return 'between trials'
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)]
  return `${first === last ? `trial ${first}` : `trials ${first} to ${last}`} of ${trialCount}`
}

/** `ACT-1 chain 3  warmup    450/2000  1240/s  step 0.41  1 divergent`, in columns. */
export function chainLine({ study, chain, phase, iteration, total, speed, stepSize, divergences }: ChainStanding): string {
  const place = study === undefined ? '' : `${shortened(study, STUDY_WIDTH)} `
  const made = `${String(iteration).padStart(String(total).length)}/${total}`
  const pace = speed === undefined ? '' : `${speed < 9.95 ? speed.toFixed(1) : Math.round(speed)}/s`
  const trouble = divergences > 0 ? `  ${divergences} divergent` : ''
  return `  ${place}chain ${chain + 1}  ${phase.padEnd(8)} ${made}  ${pace.padStart(7)}  step ${stepSize.toPrecision(2)}${trouble}`
}

/** `ACT-1 pathfinder  climb      12  bound -123.4  2310 gradients`, in columns. */
export function approximationLine({
  study,
  algorithm,
  step,
  iteration,
  total,
  evidenceBound,
  gradientCount,
}: ApproximationStanding): string {
  const made = total === undefined ? String(iteration) : `${String(iteration).padStart(String(total).length)}/${total}`
  const bound = evidenceBound === undefined ? '' : `  bound ${evidenceBound.toFixed(1)}`
  return `  ${shortened(study, STUDY_WIDTH)} ${algorithm.padEnd(10)}  ${step.padEnd(9)} ${made.padStart(6)}${bound}  ${gradientCount} gradients`
}

/** The line of the run and one for each running chain and approximation. */
export function standingLines(standing: RunStanding): string[] {
  const lines = [...standing.approximating.map(approximationLine), ...standing.running.map(chainLine)]
  const shown = lines.length > SHOWN_CHAINS ? lines.slice(0, SHOWN_CHAINS - 1) : lines
  const more = lines.length - shown.length
  return [standingLine(standing), ...shown, ...(more > 0 ? [`  and ${more} more chains`] : [])].map((line) =>
    line.slice(0, LINE_WIDTH),
  )
}

/** `0:12`, `12:03`, `1:02:03` */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

function shortened(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 3)}...` : text
}
