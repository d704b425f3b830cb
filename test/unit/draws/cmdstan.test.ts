import { describe, expect, it } from 'vitest'
import type { Draws } from '../../../src/draws/draws.js'
import { fromCmdStan } from '../../../src/draws/from-cmdstan.js'
import { scalars } from '../../../src/draws/scalars.js'
import { toCmdStan } from '../../../src/draws/to-cmdstan.js'
import { DataError } from '../../../src/errors/data-error.js'
import { draws } from './made-draws.js'

const scalar = (name: string, ...values: number[]) => ({ name, dimensions: [], values: Float64Array.from(values) })
const sampler: Draws = {
  chainCount: 2,
  drawCount: 2,
  variables: [
    scalar('log_density', -1, -2, -3, -4),
    scalar('acceptance', 0.9, 0.8, 0.7, 1),
    scalar('step_size', 0.5, 0.5, 0.25, 0.25),
    scalar('tree_depth', 3, 2, 3, 2),
    scalar('leapfrog_count', 7, 3, 7, 3),
    scalar('divergent', 0, 1, 0, 0),
    scalar('energy', 4, 5, 6, 7),
  ],
}
const asFiles = (texts: readonly string[]) => texts.map((text, index) => ({ name: `chain-${index + 1}.csv`, text }))
const content = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

describe('toCmdStan', () => {
  const [first, second] = toCmdStan({ draws, sampler }, { warmup: 500, seed: 3, targetAcceptance: 0.8, maximumTreeDepth: 10 })

  it("writes one file a chain: Stan's columns and dotted indices, first index fastest", () => {
    expect(content(first)).toEqual([
      'lp__,accept_stat__,stepsize__,treedepth__,n_leapfrog__,divergent__,energy__,sigma,gamma.1,gamma.2,gamma.3,Omega.1.1,Omega.2.1,Omega.1.2,Omega.2.2',
      '-1,0.9,0.5,3,7,0,4,11,111,112,113,1,0.2,0.1,2',
      '-2,0.8,0.5,2,3,1,5,12,121,122,123,3,0.4,0.3,4',
    ])
    expect(content(second)[2]).toBe('-4,1,0.25,2,3,0,7,22,221,222,223,7,0.8,0.7,8')
  })
  it('says in comments what was run and where each chain ended its adaptation', () => {
    for (const setting of [
      'num_samples = 2',
      'num_warmup = 500',
      'save_warmup = 0',
      'thin = 1',
      'delta = 0.8',
      'max_depth = 10',
      'seed = 3',
    ])
      expect(first).toMatch(new RegExp(`^# +${setting}$`, 'm'))
    expect([first, second].map((text) => /^# id = (\d)$/m.exec(text)?.[1])).toEqual(['1', '2'])
    expect([first, second].map((text) => /^# Step size = (.*)$/m.exec(text)?.[1])).toEqual(['0.5', '0.25'])
  })
  it('writes the inverse metric only when it is known', () => {
    expect(first).not.toContain('inverse mass matrix')
    const adaptation = [Float64Array.of(1, 2), Float64Array.of(3, 4)].map((inverseMetric, chain) => ({
      stepSize: 0.25 + chain,
      metric: 'diagonal' as const,
      inverseMetric,
    }))
    expect(toCmdStan({ draws, sampler }, { adaptation })[1]).toContain(
      '# Adaptation terminated\n# Step size = 1.25\n# Diagonal elements of inverse mass matrix:\n# 3, 4\n',
    )
    const dense = adaptation.map((chain) => ({ ...chain, metric: 'dense' as const, inverseMetric: Float64Array.of(1, 2, 2, 9) }))
    const [text] = toCmdStan({ draws, sampler }, { adaptation: dense })
    expect(text).toContain('metric = dense_e\n')
    expect(text).toContain('# Elements of inverse mass matrix:\n# 1, 2\n# 2, 9\n')
  })
  it('writes what each chain took after its draws, as CmdStan does', () => {
    const chainSeconds = [
      { warmup: 1.25, sampling: 2 },
      { warmup: 3, sampling: 4 },
    ]
    const texts = toCmdStan({ draws, sampler }, { chainSeconds })
    expect(texts[0]).toMatch(
      /\n# \n# {2}Elapsed Time: 1\.250 seconds \(Warm-up\)\n# {16}2\.000 seconds \(Sampling\)\n# {16}3\.250 seconds \(Total\)\n# \n$/,
    )
    expect(fromCmdStan(asFiles(texts)).draws).toEqual(draws)
  })
  it('turns names that Stan would refuse into different identifiers', () => {
    const variables = ['a b', 'a_b', '1st', 'lp__'].map((name) => scalar(name, 1, 2, 3, 4))
    const [text] = toCmdStan({ draws: { ...draws, variables } })
    expect(content(text)[0]).toBe('lp__,accept_stat__,a_b,a_b_2,v1st,lp_')
    expect(fromCmdStan(asFiles(toCmdStan({ draws: { ...draws, variables } }))).draws.variables).toEqual(variables)
  })
  it('without a sampler looks like the fixed-parameter sampler', () => {
    const [text] = toCmdStan({ draws })
    expect(text).toContain('algorithm = fixed_param')
    expect(content(text)[1]).toMatch(/^0,0,11,/)
    expect(fromCmdStan(asFiles(toCmdStan({ draws }))).sampler).toBeUndefined()
  })
  it('refuses weighted draws', () => {
    expect(() => toCmdStan({ draws: { ...draws, logWeights: new Float64Array(4) } })).toThrow(/weights/)
  })
})

describe('fromCmdStan', () => {
  it('undoes toCmdStan: values, names, dimensions, labels and the sampler', () => {
    const back = fromCmdStan(
      asFiles(toCmdStan({ draws, sampler }, { warmup: 500, targetAcceptance: 0.9, maximumTreeDepth: 12, modelName: 'ours' })),
    )
    expect(back.draws).toEqual(draws)
    expect(back.sampler).toEqual(sampler)
    expect(back.warmup).toBeUndefined()
    expect(back.plan).toMatchObject({ warmup: 500, thin: 1, targetAcceptance: 0.9, maximumTreeDepth: 12, modelName: 'ours' })
  })
  it('gives back every bit, and draws that are not finite', () => {
    const values = [0.1 + 0.2, -0, 5e-324, Number.MAX_VALUE, Number.NaN, Infinity, -Infinity, 1e-7]
    const odd: Draws = { chainCount: 1, drawCount: values.length, variables: [scalar('x', ...values)] }
    const [x] = fromCmdStan(asFiles(toCmdStan({ draws: odd }))).draws.variables
    expect([...x.values].map((value, index) => Object.is(value, values[index]))).toEqual(values.map(() => true))
  })

  const header = (extra = '') =>
    `# stan_version_major = 2\n# method = sample (Default)\n#     num_samples = 4 (Default)\n#     num_warmup = 2\n${extra}`
  const columns =
    'lp__,accept_stat__,stepsize__,treedepth__,n_leapfrog__,divergent__,energy__,mu,z.1.real,z.1.imag,t:1,b.1.1,b.2.1,b.1.2,b.2.2'
  const row = (value: number) => `-1,0.9,0.5,1,1,0,3,${value},1,2,5,11,21,12,22`
  const timing = '# \n#  Elapsed Time: 0.005 seconds (Warm-up)\n# \n'

  it('reads matrices by their indices, complex numbers, and members of tuples', () => {
    const text = `${header()}${columns}\n# Adaptation terminated\n# Step size = 0.5\n${[1, 2, 3, 4].map(row).join('\n')}\n${timing}`
    const read = fromCmdStan([{ name: 'a.csv', text }]).draws
    expect(scalars(read).map(({ name, chains }) => [name, chains[0][0]])).toEqual([
      ['mu', 1],
      ['z[1,real]', 1],
      ['z[1,imag]', 2],
      ['t:1', 5],
      ['b[1,1]', 11],
      ['b[1,2]', 12],
      ['b[2,1]', 21],
      ['b[2,2]', 22],
    ])
  })
  it.each(['1', 'true'])('sets saved warmup apart (save_warmup = %s), in thinned runs too', (save) => {
    const thinned = `#     save_warmup = ${save}\n#     thin = 2\n`
    const text = `${header(thinned)}${columns}\n${row(-1)}\n# Adaptation terminated\n# Step size = 0.5\n${[1, 2].map(row).join('\n')}\n`
    const { draws: kept, warmup, sampler: said } = fromCmdStan([{ name: 'a.csv', text }])
    expect([...kept.variables[0].values]).toEqual([1, 2])
    expect([...warmup!.draws.variables[0].values]).toEqual([-1])
    expect(warmup!.sampler!.drawCount).toBe(1)
    expect(said!.drawCount).toBe(2)
  })
  it("reads rstan's settings and the columns of old versions, in any order", () => {
    const text =
      '# iter=3\n# warmup=1\n# save_warmup=0\n# thin=1\nlp__,treedepth__,stepsize__,n_divergent__,mu\r\n-1,2,0.5,1,7\r\n-1,2,0.5,0,nan\r\n'
    const read = fromCmdStan([{ name: 'a.csv', text }])
    expect([...read.draws.variables[0].values]).toEqual([7, Number.NaN])
    expect(read.sampler!.variables.map(({ name }) => name)).toEqual(['log_density', 'tree_depth', 'step_size', 'divergent'])
    expect(read.plan).toMatchObject({ warmup: 1, thin: 1 })
  })
  it('reads a table without any comments', () => {
    expect(fromCmdStan([{ name: 'a.csv', text: 'mu\n1\n2\n' }]).draws).toMatchObject({ chainCount: 1, drawCount: 2 })
  })

  describe('of unfinished files', () => {
    const whole = `${header()}mu,tau\n1,2\n3,4\n5,6\n7,8\n`
    const files = (text: string) => [
      { name: 'a.csv', text: whole },
      { name: 'b.csv', text },
    ]
    it.each([
      ['a last line that is cut short', whole.replace('7,8\n', '7').replace('1,2', '1,3'), /ends in the middle of a draw/],
      ['a last line without its end', whole.replace('7,8\n', '7,8').replace('1,2', '1,3'), /ends in the middle of a draw/],
      ['missing draws', whole.replace('7,8\n', '').replace('1,2', '1,3'), /holds 3 of 4 draws/],
    ])('refuses %s, and with "cut" uses what all chains hold', (_case, text, message) => {
      expect(() => fromCmdStan(files(text))).toThrow(message)
      const read = fromCmdStan(files(text), { unfinished: 'cut' })
      expect(read.draws).toMatchObject({ chainCount: 2, drawCount: 3 })
      expect([...read.draws.variables[1].values]).toEqual([2, 4, 6, 3, 4, 6])
    })
    it('has nothing to give while a chain has no draws', () => {
      expect(() => fromCmdStan(files(`${header()}mu,tau\n`), { unfinished: 'cut' })).toThrow(
        /b\.csv: the file holds no draws yet/,
      )
    })
  })

  it.each([
    ['no files', [], {}, /no CmdStan file/],
    ['an empty file', [''], {}, /no line with the names/],
    ['a file without a header', ['1,2\n3,4\n'], { row: 1 }, /no line with the names/],
    ['a repeated column', ['mu,mu\n1,2\n'], { row: 1, column: 'mu' }, /twice/],
    ['a short row in the middle', ['a,b\n1,2\n3\n4,5\n'], { row: 3 }, /1 cells and the header has 2/],
    ['a long row at the end', ['a,b\n1,2\n3,4,5\n'], { row: 3 }, /3 cells and the header has 2/],
    ['text for a number', ['# x\na,b\n1,high\n'], { row: 3, column: 'b' }, /"high" is not a number/],
    ['an empty cell', ['a,b\n,2\n'], { row: 2, column: 'a' }, /empty/],
    ['the same chain twice', ['a\n1\n', 'a\n1\n'], { file: 'f2.csv' }, /same content as f1/],
    ['files of different models', ['a,b\n1,2\n', 'a,c\n1,2\n'], { file: 'f2.csv', column: 'c' }, /where f1\.csv has "b"/],
    ['a file with fewer columns', ['a,b\n1,2\n', 'a\n1\n'], { file: 'f2.csv', column: 'b' }, /in f1\.csv only/],
    ['chains of unequal length', ['a\n1\n2\n', 'a\n3\n'], { file: 'f2.csv' }, /has 1 draws and that of f1\.csv has 2/],
    [
      'different models by name',
      ['# model = a_model\na\n1\n', '# model = b_model\na\n3\n'],
      { file: 'f2.csv' },
      /b_model, and a_model in f1\.csv/,
    ],
    [
      'different versions of Stan',
      [33, 36].map(
        (minor) => `# stan_version_major = 2\n# stan_version_minor = ${minor}\n# stan_version_patch = 0\na\n${minor}\n`,
      ),
      { file: 'f2.csv' },
      /version of Stan is 2\.36\.0, and 2\.33\.0 in f1\.csv/,
    ],
    ['different thinning', ['# thin = 1\na\n1\n', '# thin = 2\na\n3\n'], { file: 'f2.csv' }, /thinning/],
    ['two runs in one file', ['# num_samples = 1\na\n1\n2\n'], { row: 4 }, /holds 2 draws and its settings say 1/],
    ['the output of another method', ['# method = optimize\nlp__,a\n1,2\n'], {}, /"optimize"/],
    ['the output of variational inference', ['lp__,log_p__,log_g__,a\n0,1,1,2\n'], {}, /not of sampling/],
    ['a setting that is no number', ['# num_samples = many\na\n1\n'], {}, /num_samples is "many"/],
  ])('refuses %s, with the place', (_case, texts, place, message) => {
    let caught: unknown
    try {
      fromCmdStan(texts.map((text, index) => ({ name: `f${index + 1}.csv`, text })))
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(DataError)
    expect((caught as DataError).details).toMatchObject(place)
    expect((caught as DataError).message).toMatch(message)
  })
})
