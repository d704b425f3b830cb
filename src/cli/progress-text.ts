import type { ChainStanding, RunStanding } from './stage-progress.js'

/** More chains than this are counted instead of shown. */
const SHOWN_CHAINS = 8
const STUDY_WIDTH = 16
/** A longer line would be broken in two, and rewriting would miss one. */
const LINE_WIDTH = 79

/** `trials 2 to 4 of 10, 24% of the run, 3 divergences, 0:12, about 2:40 left`, without what is not known. */
export function standingLine({ stage, running, fraction, divergences, seconds, secondsLeft }: RunStanding): string {
  return [
    stage === 'second' ? 'pooling' : trialsText(running),
    `${Math.floor(100 * fraction)}% of the run`,
    `${divergences} ${divergences === 1 ? 'divergence' : 'divergences'}`,
    duration(seconds),
    ...(secondsLeft === undefined ? [] : [`about ${duration(secondsLeft)} left`]),
  ].join(', ')
}

function trialsText(running: readonly ChainStanding[]): string {
  if (running.length === 0) return 'between trials'
  const numbers = running.map(({ trialIndex = 0 }) => trialIndex + 1)
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)]
  return `${first === last ? `trial ${first}` : `trials ${first} to ${last}`} of ${running[0].trialCount}`
}

/** `ACT-1 chain 3  warmup    450/2000  1240/s  step 0.41  1 divergent`, in columns. */
export function chainLine({ study, chain, phase, iteration, total, speed, stepSize, divergences }: ChainStanding): string {
  const place = study === undefined ? '' : `${shortened(study, STUDY_WIDTH)} `
  const made = `${String(iteration).padStart(String(total).length)}/${total}`
  const pace = speed === undefined ? '' : `${speed < 9.95 ? speed.toFixed(1) : Math.round(speed)}/s`
  const trouble = divergences > 0 ? `  ${divergences} divergent` : ''
  return `  ${place}chain ${chain + 1}  ${phase.padEnd(8)} ${made}  ${pace.padStart(7)}  step ${stepSize.toPrecision(2)}${trouble}`
}

/** The line of the run and one for each running chain. */
export function standingLines(standing: RunStanding): string[] {
  const { running } = standing
  const shown = running.length > SHOWN_CHAINS ? running.slice(0, SHOWN_CHAINS - 1) : running
  const more = running.length - shown.length
  return [standingLine(standing), ...shown.map(chainLine), ...(more > 0 ? [`  and ${more} more chains`] : [])].map((line) =>
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
