/** Fits a small model in pieces to files below the folder that is given, says on stderr what is saved, and on stdout a hash of all draws. */
import { createHash } from 'node:crypto'
import { checkpointFiles, columnFiles } from '../../src/cli/node.js'
import { normal, normalLogProbability } from '../../src/distributions/normal.js'
import { tableLines } from '../../src/draws/to-table.js'
import { fit } from '../../src/fitting/fit.js'
import { model } from '../../src/language/model.js'

const [folder, workers] = process.argv.slice(2)
const data = { y: Float64Array.from({ length: 20 }, (_, index) => Math.sin(index)) }
const means = model({
  name: 'means',
  parameters: (_: typeof data) => ({ theta: normal(0, 1, { shape: [20] }) }),
  logLikelihood: ({ theta }, { y }) => normalLogProbability(y, theta, 1),
})

async function main(): Promise<void> {
  const { draws, sampler } = await fit(means, data, {
    seed: 5,
    chains: 2,
    warmup: 100,
    draws: 6000,
    workers: Number(workers),
    checkpoint: {
      store: checkpointFiles(folder),
      seconds: 0.05,
      pieceBytes: 500 * 27 * 8,
      onEvent: ({ event }) => console.error(event),
    },
    largeDraws: columnFiles(folder, 0),
  })
  const hash = createHash('sha256')
  for (const line of tableLines(draws)) hash.update(line)
  for (const line of tableLines(sampler)) hash.update(line)
  console.log(hash.digest('hex'))
}

main()
