import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { algorithms } from './algorithms.js'

export const usage =
  'usage: npm run sbc -- --model <name,...|all|module path> [--algorithm nuts] [--replicates 200] [--workers n] [--seed 1] [--draws 63] ' +
  '[--alpha 0.01] [--records folder] [--task k/n] [--json file], or npm run sbc -- --list'

export interface RunOptions {
  readonly models: readonly string[]
  readonly isListed: boolean
  readonly algorithm: string
  readonly replicates: number
  readonly workers: number
  readonly seed: number
  readonly rankedDraws: number
  readonly alpha: number
  readonly recordFolder: string | undefined
  readonly task: { readonly index: number; readonly count: number }
  readonly json: string | undefined
}

/** @throws for options that make no sense. */
export function parseOptions(): RunOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      model: text,
      list: { type: 'boolean', default: false },
      algorithm: { ...text, default: 'nuts' },
      replicates: { ...text, default: '200' },
      workers: { ...text, default: String(availableParallelism()) },
      seed: { ...text, default: '1' },
      draws: { ...text, default: '63' },
      alpha: { ...text, default: '0.01' },
      records: text,
      task: { ...text, default: '1/1' },
      json: text,
    },
  })
  if (!(values.algorithm in algorithms)) throw new Error(`--algorithm is one of ${Object.keys(algorithms).join(', ')}`)
  const [index, count] = values.task.split('/').map((part) => whole('task', part))
  if (!(index >= 1 && index <= count)) throw new Error('--task is k/n with k from 1 to n')
  const alpha = Number(values.alpha)
  if (!(alpha > 0 && alpha < 1)) throw new Error('--alpha is a probability')
  return {
    models: values.model?.split(',') ?? [],
    isListed: values.list,
    algorithm: values.algorithm,
    replicates: whole('replicates', values.replicates),
    workers: whole('workers', values.workers),
    seed: whole('seed', values.seed),
    rankedDraws: whole('draws', values.draws),
    alpha,
    recordFolder: values.records,
    task: { index, count },
    json: values.json,
  }
}

function whole(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name}: "${text}" is not a whole number`)
  return Number(text)
}
