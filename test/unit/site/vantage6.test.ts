/** A node is played: real files, and the environment as vantage6 4 and 5 set it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { decodeEnvironment, encodeEnvironment } from '../../../src/cli/base32.js'
import { tableFromParquet, tableToParquet } from '../../../src/cli/parquet-table.js'
import { vantage6 } from '../../../src/cli/vantage6.js'
import { parseArtefact } from '../../../src/site/read-artefact.js'
import { siteCsv, siteProtocol } from '../../end-to-end/site-trials.js'
import { fakeTerminal } from '../cli/fake-terminal.js'
import { quick, rowsOf, siteFileOf, tableOf } from './site-fixture.js'

const folder = mkdtempSync(join(tmpdir(), 'poolite-node-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const protocol = siteProtocol(2, 3, quick)
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const input = (method: string, kwargs: object = {}) =>
  file('input', JSON.stringify({ method, args: [], kwargs: { protocol, study: 'site-1', ...kwargs } }))
const output = join(folder, 'output')

/** Runs a task; every value is encoded as a node does it. */
async function task(environment: Readonly<Record<string, string>>) {
  const terminal = fakeTerminal()
  const encoded = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, encodeEnvironment(value)]))
  await vantage6({ ...encoded, PKG_NAME: 'poolite' }, terminal)
  return terminal.written
}
const result = () => readFileSync(output, 'utf8')

describe('the environment of a node', () => {
  it('is base32 with ! for =, and values that are not encoded are taken as they are', () => {
    expect(decodeEnvironment('MFRGG!!!')).toBe('abc')
    for (const text of ['', 'a', 'default', '/mnt-data/ü.csv', 'a,b'])
      expect(decodeEnvironment(encodeEnvironment(text))).toBe(text)
    expect(decodeEnvironment('/plain/path.csv')).toBe('/plain/path.csv')
  })
})

describe('a task of version 4', () => {
  const data = file('data.csv', siteCsv(rowsOf('site-1')))
  const environment = (method: string, kwargs?: object) => ({
    INPUT_FILE: input(method, kwargs),
    OUTPUT_FILE: output,
    USER_REQUESTED_DATABASE_LABELS: 'default',
    DEFAULT_DATABASE_URI: data,
    TEMPORARY_FOLDER: folder,
  })
  it('fits the trial and writes the file that `poolite site fit` writes', async () => {
    const { data: said, talk } = await task(environment('fit'))
    const artefact = await parseArtefact(result(), 'output')
    expect(artefact).toEqual((await siteFileOf('site-1')).artefact)
    expect(said + talk).toBe('poolite: fit done\n')
  })
  it('takes the protocol as an object, and stricter rules', async () => {
    await expect(task(environment('fit', { least_count: 29 }))).rejects.toThrow(/disclosure rules/)
    await expect(task(environment('fit', { least_count: 2 }))).rejects.toThrow(/less strict/)
  })
  it('takes the stricter of what the task and the node ask for', async () => {
    const node = { ...environment('fit', { least_count: 6 }), POOLITE_LEAST_COUNT: '29' }
    await expect(task(node)).rejects.toThrow(/disclosure rules/)
    await expect(task({ ...environment('fit', { least_count: 29 }), POOLITE_LEAST_COUNT: '6' })).rejects.toThrow(
      /disclosure rules/,
    )
    await expect(task({ ...environment('fit'), POOLITE_RELEASE: 'everything' })).rejects.toThrow(
      /release.*Correct the environment/,
    )
  })
  it('checks: kinds of fault and sizes of groups, nothing else', async () => {
    await task(environment('check'))
    expect(JSON.parse(result()).trials).toEqual([{ study: 'site-1', control: 30, treated: 30, isAnalysed: true }])
  })
  it('refuses another method, and names no value of the input', async () => {
    const error = await task(environment('steal', { secret: 'canary' })).catch((caught) => caught)
    expect(error.message).toMatch(/input of the task cannot be used: method/)
    expect(error.message).not.toContain('canary')
  })
  it('remembers what was released: a second fit without one patient is refused', async () => {
    file('data.csv', siteCsv(rowsOf('site-1').slice(0, -1)))
    await expect(task(environment('fit'))).rejects.toThrow(/repeated release/)
  })
})

describe('a task of version 5', () => {
  const session = join(folder, 'session')
  mkdirSync(session)
  const source = file('source.csv', siteCsv(rowsOf('site-1')))
  it('extracts a table to Parquet, and fits from it with the same result', async () => {
    const handle = join(session, 'mine.parquet')
    await task({
      FUNCTION_ACTION: 'data extraction',
      DATABASE_URI: source,
      DATABASE_TYPE: 'csv',
      OUTPUT_FILE: handle,
      INPUT_FILE: input('fit'),
    })
    expect((await tableFromParquet(readFileSync(handle), 'f')).rows).toHaveLength(60)
    await task({
      FUNCTION_ACTION: 'compute',
      INPUT_FILE: input('fit'),
      OUTPUT_FILE: output,
      SESSION_FOLDER: session,
      USER_REQUESTED_DATAFRAME_HANDLES: 'mine',
    })
    const { artefact } = await siteFileOf('site-1')
    expect((await parseArtefact(result(), 'output')).coefficients).toEqual(artefact.coefficients)
  })
  it('reads no file outside of its session, whatever the handle says', async () => {
    const environment = { FUNCTION_ACTION: 'compute', INPUT_FILE: input('fit'), OUTPUT_FILE: output, SESSION_FOLDER: session }
    await expect(task({ ...environment, USER_REQUESTED_DATAFRAME_HANDLES: '../../elsewhere/secret' })).rejects.toThrow(
      /session.secret\.parquet/,
    )
  })
})

describe('tables as Parquet', () => {
  it('come back with the same cells; empty ones stay empty', async () => {
    const table = tableOf(rowsOf('site-1'))
    const holes = { ...table, rows: table.rows.map((row, at) => (at === 3 ? { ...row, cells: row.cells.map(() => '') } : row)) }
    const back = await tableFromParquet(tableToParquet(holes), 'data.csv')
    expect(back.columns).toEqual(table.columns)
    expect(back.rows[3].cells.join('')).toBe('')
    expect(back.rows[5].cells.map(Number).slice(3)).toEqual(table.rows[5].cells.map(Number).slice(3))
  })
  it('that are none are refused', async () => {
    await expect(tableFromParquet(new Uint8Array(20), 'f')).rejects.toThrow(/cannot be read as Parquet/)
  })
})
