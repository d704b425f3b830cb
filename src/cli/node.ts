/**
 * Files for runs in Node: where chains are saved, and draws too large for memory.
 *
 *     import { checkpointFiles, columnFiles } from 'poolite/node'
 *     await fit(model, data, { seed: 1, draws: 1e6, checkpoint: { store: checkpointFiles('run') }, largeDraws: columnFiles('run') })
 *
 * @packageDocumentation
 */
export { checkpointFiles } from './checkpoint-files.js'
export { columnFiles, readColumnFile } from './column-files.js'
