import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { poolite, removeFolder } from './command.js'

const folder = mkdtempSync(join(tmpdir(), 'poolite-doctor-'))
afterAll(() => removeFolder(folder))

interface Check {
  readonly name: string
  readonly isPassed: boolean
}

/** The doctor on a Node that was started with that flag. */
function withNodeFlag(flag: string, ...words: string[]) {
  const { NODE_OPTIONS = '' } = process.env
  process.env.NODE_OPTIONS = `${NODE_OPTIONS} ${flag}`
  try {
    return poolite(folder, 'doctor', ...words)
  } finally {
    process.env.NODE_OPTIONS = NODE_OPTIONS
  }
}

describe('poolite doctor', () => {
  it('prints what is installed, what was chosen, the checks and the timings, and ends with 0', () => {
    const { status, stdout, stderr } = poolite(folder, 'doctor')
    expect(stdout).toMatch(/^poolite +\d+\.\d+\.\d+$/m)
    expect(stdout).toMatch(/^TensorFlow\.js +4\.\d+\.\d+$/m)
    expect(stdout).toContain(`Node           ${process.version}\n`)
    expect(stdout).toMatch(/^@tensorflow\/tfjs-node +(works|not installed|fails)/m)
    expect(stdout).toMatch(/^webassembly against javascript +passed/m)
    expect(stdout).toMatch(/^webassembly +float64 +\d/m)
    expect(stdout).not.toContain('FAILED')
    expect(stderr).toContain('poolite: the fast path works')
    expect(status).toBe(0)
  })

  it('gives the same as one JSON object', () => {
    const { status, stdout } = poolite(folder, 'doctor', '--json')
    const found = JSON.parse(stdout)
    expect(status).toBe(0)
    expect(found).toMatchObject({ isFast: true, chosen: { engine: 'webassembly' }, installation: { node: process.version } })
    expect(found.checks.map(({ isPassed }: Check) => isPassed)).toEqual(new Array(6).fill(true))
    expect(found.timings.map(({ engine }: { engine: string }) => engine)).toEqual(['webassembly', 'javascript', 'eager'])
    const backends: { backend: string; status: string }[] = found.eagerBackends
    expect(backends.map(({ backend }) => backend)).toEqual(['tensorflow', 'wasm', 'cpu'])
    expect(found.chosen.eagerBackend).toBe(backends.find((backend) => backend.status === 'works')?.backend)
  })

  it('ends with 1 and names what is missing on a Node without WebAssembly, where models run as JavaScript', () => {
    const { status, stdout } = withNodeFlag('--jitless', '--json')
    const { checks, ...found } = JSON.parse(stdout)
    expect(status).toBe(1)
    expect(found).toMatchObject({ isFast: false, chosen: { engine: 'javascript', eagerBackend: 'cpu' } })
    const failed = checks.filter(({ isPassed }: Check) => !isPassed)
    expect(failed).toEqual([
      { name: 'WebAssembly with vector instructions', isPassed: false, detail: 'this platform has no WebAssembly' },
    ])
  })
})
