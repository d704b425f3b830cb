import { afterEach, describe, expect, it } from 'vitest'
import { type CommandResult, contentsOf, folderWith, poolite, removeFolder } from './command.js'
import { csvText, protocolText, type Row, smallTrials } from './small-trials.js'

let folder: string | undefined
afterEach(() => {
  if (folder !== undefined) removeFolder(folder)
  folder = undefined
})

interface BadInput {
  readonly title: string
  readonly csv: string | Uint8Array
  readonly protocol: string
  readonly status: number
  /** Where, what, why and what to do: each must be in the message. */
  readonly says: readonly RegExp[]
}

/** The small trials with cells of one row replaced; data row 5 is row 6 of the file. */
const withCells = (index: number, cells: Partial<Row>) =>
  csvText(smallTrials().map((row, at) => (at === index ? { ...row, ...cells } : row)))
const withTrial = (study: string, cells: Partial<Row>) =>
  csvText(smallTrials().map((row) => (row.study === study ? { ...row, ...cells } : row)))
const good = csvText(smallTrials())
const age = 'type: continuous, centre: 50, scale: 10'

const badData: readonly BadInput[] = [
  {
    title: 'a spreadsheet instead of CSV',
    csv: Buffer.from('PK\u0003\u0004\u0000binary', 'latin1'),
    protocol: protocolText(),
    status: 3,
    says: [/trials\.csv/, /looks like a zip archive or spreadsheet/, /expected a CSV table/, /Save the sheet as CSV/],
  },
  {
    title: 'CSV that is not UTF-8',
    csv: Buffer.from(withCells(4, { patient: 'M\u00fcller' }), 'latin1'),
    protocol: protocolText(),
    status: 3,
    says: [/trials\.csv, row 6/, /not UTF-8/, /Save the file again with the encoding UTF-8/],
  },
  {
    title: 'a misspelt column',
    csv: good,
    protocol: protocolText({ covariates: `[{ name: agee, ${age} }]` }),
    status: 3,
    says: [/trials\.csv, row 1, column "agee"/, /no column "agee"/, /header has study, patient/, /Did you mean "age"\?/],
  },
  {
    title: 'a third treatment',
    csv: withCells(4, { treatment: 'dose-2' }),
    protocol: protocolText(),
    status: 3,
    says: [
      /trials\.csv, row 6, column "treatment"/,
      /"dose-2" is neither the control "placebo" nor the treated "active"/,
      /third arm/,
    ],
  },
  {
    title: 'a trial with one arm',
    csv: withTrial('trial-2', { treatment: 'active' }),
    protocol: protocolText(),
    status: 3,
    says: [
      /trials\.csv/,
      /trial "trial-2"/,
      /in the treated arm/,
      /says nothing about the treatment effect/,
      /singularDesign: exclude/,
    ],
  },
  {
    title: 'text in a numeric column',
    csv: withCells(4, { age: 'old' }),
    protocol: protocolText(),
    status: 3,
    says: [/trials\.csv, row 6, column "age"/, /text where a number is expected \("old"\)/, /Correct the cell/],
  },
  {
    title: 'a covariate that is constant in one trial',
    csv: withTrial('trial-2', { female: '1' }),
    protocol: protocolText(),
    status: 3,
    says: [/trials\.csv/, /trial "trial-2" is singular/, /female is the same for all patients/, /drop female from the protocol/],
  },
  {
    title: 'fewer patients than coefficients',
    csv: csvText(smallTrials().filter((row, index) => row.study !== 'trial-1' || index < 4)),
    protocol: protocolText(),
    status: 3,
    says: [/trials\.csv/, /trial "trial-1"/, /4 complete patients for 6 coefficients/, /fewer covariates/],
  },
  {
    title: 'an infinite value',
    csv: withCells(4, { outcome: 'Infinity' }),
    protocol: protocolText(),
    status: 3,
    says: [/trials\.csv, row 6, column "outcome"/, /infinite value/, /Correct the cell/],
  },
  {
    title: 'the same patient twice',
    csv: withCells(4, { patient: '4' }),
    protocol: protocolText(),
    status: 3,
    says: [
      /trials\.csv, row 6, column "patient"/,
      /patient "4" of trial "trial-1" stands in row 5 already/,
      /one row per patient/,
    ],
  },
  {
    title: 'a value out of range',
    csv: withCells(4, { age: '450' }),
    protocol: protocolText(),
    status: 3,
    says: [/trials\.csv, row 6, column "age"/, /outside the protocol's range 18 to 90/, /widen the range/],
  },
]

const badProtocols: readonly BadInput[] = [
  {
    title: 'a field that the protocol does not have',
    csv: good,
    protocol: protocolText({ covariats: '[]' }),
    status: 3,
    says: [/protocol\.yaml, row 8/, /no field "covariats"/, /Known fields: poolite, title/, /Did you mean "covariates"\?/],
  },
  {
    title: 'YAML that cannot be read',
    csv: good,
    protocol: 'poolite: 1\ntitle: "open\n',
    status: 3,
    says: [/protocol\.yaml, row \d/, /not valid YAML/, /quotes/],
  },
]

const badChoices: readonly BadInput[] = [
  {
    title: 'an unknown first-stage model',
    csv: good,
    protocol: protocolText({ firstStage: '{ model: lineer }' }),
    status: 3,
    says: [/no first-stage model "lineer"/, /Did you mean "linear"\?/, /Known: .*\blinear\b/],
  },
  {
    title: 'an unknown second-stage method',
    csv: good,
    protocol: protocolText({ secondStage: '{ method: hierarchic }' }),
    status: 3,
    says: [/no second-stage method "hierarchic"/, /Did you mean "hierarchical"\?/, /Known: .*\bhierarchical\b/],
  },
]

function open({ csv, protocol }: BadInput): string {
  folder = folderWith({ 'trials.csv': csv, 'protocol.yaml': protocol })
  return folder
}

function expectClean(result: CommandResult): void {
  for (const text of [result.stdout, result.stderr]) {
    expect(text).not.toMatch(/\n\s+at .*:\d+|node:internal|\bbug in poolite\b/)
  }
}

describe('poolite check', () => {
  it.each([badData[2], badData[4], badData[5], badProtocols[0]])('$title: says where, what, why and what to do', (input) => {
    const result = poolite(open(input), 'check', 'trials.csv', '--protocol', 'protocol.yaml')
    expect(result.status).toBe(input.status)
    for (const pattern of input.says) expect(`${result.stdout}${result.stderr}`).toMatch(pattern)
    expectClean(result)
  })
  it('accepts good data, so that the refusals above are not blind', () => {
    folder = folderWith({ 'trials.csv': good, 'protocol.yaml': protocolText() })
    const result = poolite(folder, 'check', 'trials.csv', '--protocol', 'protocol.yaml', '--json')
    expect(result.status).toBe(0)
    expect(JSON.parse(result.stdout)).toMatchObject({ isAnalysable: true, trials: [{ study: 'trial-1' }, {}, {}] })
  })
  it('warns of two trials only', () => {
    folder = folderWith({ 'trials.csv': csvText(smallTrials(2)), 'protocol.yaml': protocolText() })
    const result = poolite(folder, 'check', 'trials.csv', '--protocol', 'protocol.yaml')
    expect(result.status).toBe(0)
    expect(result.stdout).toMatch(/warning: trials\.csv: two trials only: .*\n {2}Show the results under/)
  })
})

describe('poolite run', () => {
  it.each([...badData, ...badProtocols, ...badChoices])('$title: says so and writes nothing', (input) => {
    const result = poolite(open(input), 'run', 'trials.csv', '--protocol', 'protocol.yaml', '--out', 'out', '--quiet')
    expect(result.stderr).toMatch(/^poolite: /)
    for (const pattern of input.says) expect(result.stderr).toMatch(pattern)
    expect(result.status).toBe(input.status)
    expect(result.stdout).toBe('')
    expectClean(result)
    expect(contentsOf(folder!)).toEqual(['protocol.yaml', 'trials.csv'])
  })
})

describe('paths', () => {
  const files = { 'trials.csv': good, 'protocol.yaml': protocolText() }
  const cases: readonly { title: string; words: readonly string[]; says: readonly RegExp[] }[] = [
    {
      title: 'a missing data file, with the nearest name',
      words: ['run', 'trails.csv', '--protocol', 'protocol.yaml', '--out', 'out'],
      says: [/trails\.csv: there is no such file/, /Check the path/, /Did you mean "trials\.csv"\?/],
    },
    {
      title: 'a missing protocol',
      words: ['check', 'trials.csv', '--protocol', 'protocol.yml'],
      says: [/protocol\.yml: there is no such file/, /Did you mean "protocol\.yaml"\?/],
    },
    {
      title: 'a folder where a file is needed',
      words: ['init', '.', '--out', 'new.yaml'],
      says: [/this is a folder, and a file is needed/, /Name a file in it/],
    },
    {
      title: 'a protocol that exists already',
      words: ['init', 'trials.csv', '--out', 'protocol.yaml'],
      says: [/protocol\.yaml: the file exists/, /nothing is written over/, /--out/],
    },
    {
      title: 'an output folder that exists and is not ours, even with --overwrite',
      words: ['run', 'trials.csv', '--protocol', 'protocol.yaml', '--out', '.', '--overwrite'],
      says: [/the folder exists and was not written by poolite/, /nothing is written over/, /--out/],
    },
    {
      title: 'a run that is not there',
      words: ['predict', 'nowhere', 'trials.csv'],
      says: [/manifest\.json: there is no such file/, /Check the path/],
    },
    {
      title: 'a trial without a target',
      words: ['predict', 'nowhere', 'trials.csv', '--study', 'trial-1'],
      says: [/--study does not go with --target new-setting/, /--target existing-trial/],
    },
    {
      title: 'an unknown option',
      words: ['check', 'trials.csv', '--protocol', 'protocol.yaml', '--jsn'],
      says: [/unknown option '--jsn'/, /--json/],
    },
    { title: 'an unknown verb', words: ['chekc'], says: [/unknown command 'chekc'/, /Did you mean check\?/] },
    {
      title: 'a number that is none',
      words: ['run', 'trials.csv', '--protocol', 'protocol.yaml', '--out', 'out', '--chains', '0'],
      says: [/--chains/, /whole number of at least 1/],
    },
  ]
  it.each(cases)('$title: exit status 2, the remedy, and nothing written', ({ words, says }) => {
    folder = folderWith(files)
    const result = poolite(folder, ...words)
    expect(result.status).toBe(2)
    for (const pattern of says) expect(result.stderr).toMatch(pattern)
    expect(result.stdout).toBe('')
    expectClean(result)
    expect(contentsOf(folder)).toEqual(Object.keys(files).sort())
  })
  it('with --json the error is one object on stdout', () => {
    folder = folderWith(files)
    const { status, stdout } = poolite(folder, 'check', 'trails.csv', '--protocol', 'protocol.yaml', '--json')
    expect(status).toBe(2)
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'usage',
        file: 'trails.csv',
        problem: 'there is no such file',
        remedy: 'Check the path. Did you mean "trials.csv"?',
      },
    })
  })
})
