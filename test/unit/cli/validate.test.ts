import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommandLine } from '../../../src/cli/command-line.js'
import { smallProtocolText, smallTrialsCsv } from '../validation/small-trials.js'
import { fakeTerminal } from './fake-terminal.js'

describe('poolite validate', () => {
  let folder: string
  const at = (name: string) => join(folder, name)
  const words = (data: string, ...more: string[]) => [
    'validate',
    at(data),
    '--protocol',
    at('protocol.yaml'),
    '--workers',
    '0',
    ...more,
  ]

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'poolite-validate-'))
    writeFileSync(at('protocol.yaml'), smallProtocolText())
    writeFileSync(at('trials.csv'), smallTrialsCsv({ trialCount: 4, patientCount: 40 }))
    writeFileSync(at('two.csv'), smallTrialsCsv({ trialCount: 2, patientCount: 40 }))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('writes a page, scores and a record, prints the recommendation and a table, and leaves no unfinished run', async () => {
    const terminal = fakeTerminal()
    await runCommandLine(words('trials.csv', '--out', at('out')), terminal)
    expect(terminal.exitStatus).toBe(0)
    expect(terminal.written.data).toMatch(/constant effect[\s\S]*gain over constant[\s\S]*averaged[\s\S]*Report: /)
    expect(terminal.written.talk).toContain('With 4 trials')
    expect(readFileSync(at('out/validation.html'), 'utf8')).toContain('<!doctype html>')
    // 3 methods and 4 trials under a header.
    expect(readFileSync(at('out/scores.csv'), 'utf8').trim().split('\n')).toHaveLength(1 + 12)
    expect(JSON.parse(readFileSync(at('out/validation.json'), 'utf8')).candidates).toHaveLength(3)
    expect(existsSync(at('out.partial'))).toBe(false)
  })

  it('prints one JSON object, replaces its own folder on demand, and refuses to otherwise', async () => {
    const refused = fakeTerminal()
    await runCommandLine(words('trials.csv', '--out', at('out')), refused)
    expect(refused.exitStatus).toBe(2)
    const terminal = fakeTerminal()
    await runCommandLine(words('trials.csv', '--out', at('out'), '--overwrite', '--json', '--quiet'), terminal)
    const { recommendation, candidates } = JSON.parse(terminal.written.data)
    expect(candidates[0].name).toBe('constant effect')
    expect(recommendation.text.length).toBeGreaterThan(20)
  })

  it.each([
    [['--resume', '--discard-partial'], 'contradict each other'],
    [['--resume', '--checkpoint-every', '0'], 'does not go with --checkpoint-every 0'],
  ])('refuses %j and leaves what is there', async (wishes, reason) => {
    mkdirSync(at('kept.partial'), { recursive: true })
    const terminal = fakeTerminal()
    await runCommandLine(words('trials.csv', '--out', at('kept'), ...wishes), terminal)
    expect(terminal.exitStatus).toBe(2)
    expect(terminal.written.talk).toContain(reason)
    expect(existsSync(at('kept.partial'))).toBe(true)
    expect(existsSync(at('kept'))).toBe(false)
  })

  it('exits with 3 and the reason on two trials', async () => {
    const terminal = fakeTerminal()
    await runCommandLine(words('two.csv', '--out', at('none')), terminal)
    expect(terminal.exitStatus).toBe(3)
    expect(terminal.written.talk).toContain('2 trials cannot be validated by leaving one out')
    expect(existsSync(at('none'))).toBe(false)
  })

  it('writes progress for programs as lines of JSON', async () => {
    const terminal = fakeTerminal()
    await runCommandLine(words('trials.csv', '--out', at('more'), '--progress', 'json'), terminal)
    const lines = terminal.written.talk.split('\n').filter((line) => line.startsWith('{'))
    expect(JSON.parse(lines[0])).toMatchObject({ schema: 1, event: 'begin', fitCount: 4 })
  })
})
