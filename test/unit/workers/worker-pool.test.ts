import { afterEach, describe, expect, it, vi } from 'vitest'
import { RunError } from '../../../src/errors/run-error.js'
import { openWorkerPool, type WorkerPool } from '../../../src/fitting/worker-pool.js'
import type { ChainStatus } from '../../../src/inference/chain.js'
import { normal, portable, runHere, settings, silent, task } from './tasks.js'

const open: WorkerPool[] = []
function poolOf(...parts: Parameters<typeof openWorkerPool>): WorkerPool {
  const pool = openWorkerPool(...parts)
  open.push(pool)
  return pool
}
afterEach(async () => {
  for (const pool of open.splice(0)) await pool.close()
})

const endless = portable('for (;;);')
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe('a pool of worker threads', () => {
  it.each([1, 2, 3])(
    'of %i gives every chain the numbers that it has in this thread, in whatever order chains come',
    async (size) => {
      const [narrow, wide] = [normal(1), normal(3)]
      const tasks = [narrow, wide, narrow].flatMap((one, index) => [task(one, 2 * index), task(one, 2 * index + 1)])
      const expected = tasks.map(runHere)
      const pool = poolOf(size)
      expect(await Promise.all(tasks.map((one) => pool.run(one, silent)))).toEqual(expected)
      const reversed = await Promise.all([...tasks].reverse().map((one) => pool.run(one, silent)))
      expect(reversed.reverse()).toEqual(expected)
      // negative control: another chain has other numbers
      expect(expected[1].positions).not.toEqual(expected[0].positions)
    },
  )

  it('runs as many chains at a time as there are threads and starts them in the order in which they came', async () => {
    const pool = poolOf(2)
    const events: string[] = []
    const run = async (chain: number) => {
      await pool.run(task(normal(), chain), { ...silent, onBegin: () => events.push(`begin ${chain}`) })
      events.push('end')
    }
    await Promise.all([0, 1, 2, 3].map(run))
    expect(events.filter((event) => event !== 'end')).toEqual(['begin 0', 'begin 1', 'begin 2', 'begin 3'])
    expect(events.slice(0, 3)).toEqual(['begin 0', 'begin 1', 'end'])
  })

  it('reports the end of both phases of a chain, and in between as time passes', async () => {
    const statuses: ChainStatus[] = []
    const slow = normal(1, 'for (const end = performance.now() + 0.5; performance.now() < end; );')
    await poolOf(1).run(task(slow), { ...silent, onStatus: (status) => statuses.push(status) })
    const ends = statuses.filter(({ iteration, total }) => iteration === total)
    expect(ends.map(({ phase, total }) => [phase, total])).toEqual([
      ['warmup', settings.warmupCount],
      ['sampling', settings.drawCount],
    ])
    expect(statuses.length).toBeGreaterThan(2)
  })

  it('rejects with the chain and how its thread ended when the thread is killed, and goes on with another', async () => {
    const pool = poolOf(1)
    const chains = [normal(), normal(1, 'process.exit(7)'), normal()].map((one, chain) => pool.run(task(one, chain), silent))
    const [before, killed, after] = await Promise.allSettled(chains)
    expect([before.status, killed.status, after.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const reason = (killed as PromiseRejectedResult).reason as RunError
    expect(reason).toBeInstanceOf(RunError)
    expect(reason.details.problem).toBe('chain 2 of trial "ACT-1" did not end: its worker thread died')
    expect(reason.details.reason).toBe('exit status 7')
    expect(reason.details.remedy).toMatch(/--workers 0/)
  })

  it('replaces a thread that dies of an uncaught error between chains', async () => {
    const pool = poolOf(1)
    const fatal = normal(
      1,
      "if (!globalThis.isArmed) { globalThis.isArmed = true; setTimeout(() => { throw new Error('late') }, 500) }",
    )
    await pool.run(task(fatal), silent)
    const elsewhere = normal(1, "if (globalThis.isArmed) throw new Error('still the old thread')")
    const again = async () => expect(await pool.run(task(elsewhere), silent)).toEqual(runHere(task(normal())))
    await vi.waitFor(again, { timeout: 20_000, interval: 100 })
  }, 30_000)

  it('hands on an error that a chain throws, and goes on', async () => {
    const pool = poolOf(1)
    await expect(pool.run(task(normal(1, "throw new RangeError('planted')")), silent)).rejects.toThrow(
      expect.objectContaining({ name: 'RangeError', message: 'planted' }),
    )
    expect(await pool.run(task(normal()), silent)).toEqual(runHere(task(normal())))
  })

  it('rejects what cannot be posted to a thread and what a listener throws, and goes on', async () => {
    const pool = poolOf(1)
    const foreign = { ...normal(), secret: () => {} }
    await expect(pool.run(task(foreign), silent)).rejects.toThrow(/could not be cloned/)
    const complaint = new Error('the listener complains')
    const complain = () => {
      throw complaint
    }
    await expect(pool.run(task(normal()), { ...silent, onStatus: complain })).rejects.toBe(complaint)
    expect(await pool.run(task(normal()), silent)).toEqual(runHere(task(normal())))
  })

  it('stops at once with the reason of the signal, in the middle of an evaluation and in the queue', async () => {
    const controller = new AbortController()
    const pool = poolOf(1, controller.signal)
    const chains = [0, 1].map((chain) => pool.run(task(endless, chain), silent))
    const settled = Promise.allSettled(chains)
    await wait(300)
    const reason = new Error('enough')
    const start = performance.now()
    controller.abort(reason)
    expect(await settled).toEqual([0, 1].map(() => ({ status: 'rejected', reason })))
    await pool.close()
    // ending a thread takes milliseconds; the evaluation would take for ever
    expect(performance.now() - start).toBeLessThan(2000)
    await expect(pool.run(task(normal()), silent)).rejects.toBe(reason)
    await expect(poolOf(1, controller.signal).run(task(normal()), silent)).rejects.toBe(reason)
  })

  it('rejects the chains that have not ended when it is closed', async () => {
    const pool = poolOf(1)
    const chain = pool.run(task(endless), silent)
    const rejection = expect(chain).rejects.toThrow(/closed before the chain had ended/)
    await pool.close()
    await rejection
  })
})
