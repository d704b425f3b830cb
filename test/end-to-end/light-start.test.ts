import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandResult, folderWith, poolite, removeFolder } from './command.js'
import { packagesLoadedBy } from './loaded-packages.js'
import { csvText, protocolText, smallTrials } from './small-trials.js'

/** Packages that take longer to load than a verb that does not need them takes. */
const heavy = ['@tensorflow/tfjs', '@observablehq/plot', 'linkedom']
const heavyIn = (loaded: ReadonlySet<string>) => heavy.filter((name) => loaded.has(name))

let folder: string
let loadedByRun: Set<string>
beforeAll(() => {
  const files = { 'trials.csv': csvText(smallTrials()), 'protocol.yaml': protocolText() }
  folder = folderWith({ ...files, 'new.csv': 'id,age,female\nann,50,0\n' })
  const words = ['run', 'trials.csv', '--protocol', 'protocol.yaml', '--out', 'out', '--quiet', '--warmup', '20', '--draws', '10']
  loadedByRun = packagesLoadedBy(() => expect(poolite(folder, ...words, '--workers', '0').status).toBe(0))
})
afterAll(() => removeFolder(folder))

describe('the command line', () => {
  it.each([
    [['--help'], 0],
    [['--version'], 0],
    [['run', '--help'], 0],
    [['nonsense'], 2],
    [['init', 'trials.csv', '--out', 'draft.yaml'], 0],
    [['check', 'trials.csv', '--protocol', 'protocol.yaml'], 0],
    [['predict', 'out', 'new.csv'], 0],
  ])('loads neither TensorFlow.js nor what draws figures for %j', (words, status) => {
    let result: CommandResult | undefined
    const loaded = packagesLoadedBy(() => {
      result = poolite(folder, ...words)
    })
    expect(result?.status).toBe(status)
    expect(loaded).toContain('commander')
    expect(heavyIn(loaded)).toEqual([])
  })

  it('loads them for an analysis: negative control', () => {
    expect(heavyIn(loadedByRun)).toEqual(heavy)
  })

  it('looks for no other tfjs backend in an analysis whose models can be compiled', () => {
    const backendsIn = (loaded: ReadonlySet<string>) => [...loaded].filter((name) => /tfjs-(node|backend-)/.test(name))
    expect(backendsIn(loadedByRun)).toEqual([])
    const look = "import('@tensorflow/tfjs-node').catch(() => {})"
    expect(backendsIn(packagesLoadedBy(() => spawnSync(process.execPath, ['-e', look])))).toEqual(['@tensorflow/tfjs-node'])
  })
})
