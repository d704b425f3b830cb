import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkpointFiles } from '../../../src/cli/checkpoint-files.js'
import { openUnfinishedRun, type RunDescription } from '../../../src/cli/unfinished-run.js'
import { writeFailure } from '../../../src/cli/write-output.js'
import { RunError } from '../../../src/errors/run-error.js'
import { UsageError } from '../../../src/errors/usage-error.js'

let parent: string
let out: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'poolite-unfinished-'))
  out = join(parent, 'run')
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

const description: RunDescription = { poolite: '1.2.3', protocolHash: 'p', dataFile: 'trials.csv', dataHash: 'd', seed: 4 }
const bytes = Uint8Array.of(1, 2, 3)

/** A run that was left with one checkpoint in it. */
async function leave(): Promise<void> {
  const run = await openUnfinishedRun(out, description, {})
  await run.store.write('trial-1/chain-1-a', bytes)
  run.release()
}

describe('checkpointFiles', () => {
  it('keep bytes under their key, as a file that has no other beside it', async () => {
    const store = checkpointFiles(parent)
    expect(await store.read('pooling/chain-1-a')).toBeUndefined()
    await store.write('pooling/chain-1-a', bytes)
    await store.write('pooling/chain-1-a', Uint8Array.of(9))
    expect([...(await store.read('pooling/chain-1-a'))!]).toEqual([9])
    expect(readdirSync(join(parent, 'pooling'))).toEqual(['chain-1-a.checkpoint'])
    expect(store.nameOf!('pooling/chain-1-a')).toBe(join(parent, 'pooling/chain-1-a.checkpoint'))
  })
  it('leave the earlier bytes alone when the process dies before the new ones are whole', async () => {
    const store = checkpointFiles(parent)
    await store.write('a', bytes)
    writeFileSync(join(parent, 'a.checkpoint.writing'), 'half')
    expect([...(await store.read('a'))!]).toEqual([...bytes])
    await store.write('a', Uint8Array.of(9))
    expect(readdirSync(parent)).toEqual(['a.checkpoint'])
  })
  it.runIf(existsSync('/dev/full'))('say which file the full disk refused, and leave what was there', async () => {
    const store = checkpointFiles(parent)
    await store.write('a', bytes)
    const { symlinkSync } = await import('node:fs')
    symlinkSync('/dev/full', join(parent, 'a.checkpoint.writing'))
    const failure = await store.write('a', Uint8Array.of(9)).catch((error) => error)
    expect(failure).toBeInstanceOf(RunError)
    expect(failure.message).toBe(
      `${join(parent, 'a.checkpoint')}: it cannot be written (the disk is full). Free some space or write to another disk.`,
    )
    expect([...(await store.read('a'))!]).toEqual([...bytes])
  })
  it('pass on what is not the fault of the disk', () => {
    const bug = new TypeError('x')
    expect(writeFailure('a', bug)).toBe(bug)
  })
})

describe('openUnfinishedRun', () => {
  it('keeps checkpoints in a visible folder beside the output, which says what it is of, until the run has ended', async () => {
    const run = await openUnfinishedRun(out, description, {})
    expect(run).toMatchObject({ path: `${out}.partial`, isResumed: false })
    expect(JSON.parse(readFileSync(join(run.path, 'run.json'), 'utf8'))).toMatchObject(description)
    await run.store.write('trial-1/chain-1-a', bytes)
    run.release()
    expect(readdirSync(run.path).sort()).toEqual(['run.json', 'trial-1'])
    run.remove()
    expect(readdirSync(parent)).toEqual([])
  })
  it('leaves no folder when nothing was saved', async () => {
    const run = await openUnfinishedRun(out, description, {})
    run.release()
    expect(readdirSync(parent)).toEqual([])
  })
  it('refuses to write over an unfinished run, and says what it is and what to do', async () => {
    await leave()
    const failure = await openUnfinishedRun(out, description, {}).catch((error) => error)
    expect(failure).toBeInstanceOf(UsageError)
    expect(failure.message).toMatch(/run\.partial: an unfinished run stands there \(of trials\.csv, begun 2.*, seed 4\)/)
    expect(failure.message).toMatch(/--resume to go on with it, or --discard-partial to delete it and start anew/)
    expect([...(await checkpointFiles(`${out}.partial`).read('trial-1/chain-1-a'))!]).toEqual([...bytes])
  })
  it('goes on with it, or deletes it, when told to', async () => {
    await leave()
    const resumed = await openUnfinishedRun(out, description, { resume: true })
    expect(resumed.isResumed).toBe(true)
    expect([...(await resumed.store.read('trial-1/chain-1-a'))!]).toEqual([...bytes])
    resumed.release()
    const anew = await openUnfinishedRun(out, description, { discardPartial: true })
    expect(anew.isResumed).toBe(false)
    expect(await anew.store.read('trial-1/chain-1-a')).toBeUndefined()
    anew.release()
  })
  it('begins when there is nothing to resume', async () => {
    const run = await openUnfinishedRun(`${out}/`, description, { resume: true })
    expect(run).toMatchObject({ path: `${out}.partial`, isResumed: false })
    run.release()
  })
  it.each([
    [{ poolite: '2.0.0' }, /another version of poolite \(1\.2\.3, not 2\.0\.0\)/],
    [{ protocolHash: 'q' }, /another protocol/],
    [{ dataHash: 'e' }, /another data/],
    [{ seed: 5 }, /another protocol|another seed \(4, not 5\)/],
  ])('refuses to resume what is of something else: %o', async (changes, message) => {
    await leave()
    const failure = await openUnfinishedRun(out, { ...description, ...changes }, { resume: true }).catch((error) => error)
    expect(failure).toBeInstanceOf(UsageError)
    expect(failure.message).toMatch(message)
    expect(failure.message).toMatch(/--discard-partial/)
  })
  it('refuses a folder that is not of poolite, even to delete it', async () => {
    mkdirSync(`${out}.partial`)
    writeFileSync(join(`${out}.partial`, 'thesis.txt'), 'years of work')
    for (const options of [{}, { resume: true }, { discardPartial: true }])
      await expect(openUnfinishedRun(out, description, options)).rejects.toThrow(/was not written by poolite/)
    expect(readdirSync(`${out}.partial`)).toEqual(['thesis.txt'])
  })
  it('takes a folder in which a run died before it had said what it is of', async () => {
    mkdirSync(`${out}.partial`)
    writeFileSync(join(`${out}.partial`, 'run.json.writing'), '{"form')
    const run = await openUnfinishedRun(out, description, {})
    expect(run.isResumed).toBe(false)
    run.release()
  })
  it('refuses while another process is at work there, and not when that process is gone', async () => {
    await leave()
    const lock = (processNumber: number) =>
      writeFileSync(join(`${out}.partial`, 'lock'), JSON.stringify({ process: processNumber, host: hostname() }))
    lock(process.ppid)
    await expect(openUnfinishedRun(out, description, { resume: true })).rejects.toThrow(
      `process ${process.ppid} is at work in this folder`,
    )
    // No process has the largest number that there is.
    lock(2 ** 31 - 1)
    const run = await openUnfinishedRun(out, description, { resume: true })
    run.release()
  })
})
