import { describe, expect, it } from 'vitest'
import { type Cell, type Notebook, notebookProblems, type Output, withLastCell, withoutLastCell } from './notebook-problems.js'

const stream = (name: string, ...text: string[]): Output => ({ output_type: 'stream', name, text })
const code = (source: string, ...outputs: Output[]): Cell => ({ cell_type: 'code', source, outputs })
const banner = [
  '\n====\n',
  'Hi, looks like you are running TensorFlow.js in Node.js. To speed things up, see a page.\n',
  '====\n',
]

/** The notebook as it looks when its last cell was reached. */
function finished(...cells: Cell[]): Notebook {
  const { cells: all } = withLastCell({ cells })
  return {
    cells: [...all.slice(0, -1), { ...all[all.length - 1], outputs: [stream('stdout', 'the last cell was reached\n')] } as Cell],
  }
}

describe('notebookProblems', () => {
  it('finds none when every cell ran quietly', () => {
    expect(notebookProblems(finished(code('1 + 1', stream('stdout', '2\n'))))).toEqual([])
  })
  it('forgives the banner of tfjs, in one piece or several', () => {
    expect(
      notebookProblems(
        finished(code('a', stream('stderr', ...banner)), code('b', ...banner.map((line) => stream('stderr', line)))),
      ),
    ).toEqual([])
  })
  it('reports what else stands on stderr beside the banner', () => {
    expect(notebookProblems(finished(code('a', stream('stderr', ...banner, 'Error: planted\n'))))).toEqual([
      'code cell 1: Error: planted',
    ])
  })
  it('reports an error output', () => {
    const error = { output_type: 'error', ename: 'TypeError', evalue: 'planted' }
    expect(notebookProblems(finished(code('a'), code('b', error)))).toEqual(['code cell 2: TypeError: planted'])
  })
  it('reports cells skipped in silence', () => {
    expect(notebookProblems(withLastCell({ cells: [code('a'), code('b')] }))).toEqual(['the last cell was not reached'])
  })
  it('reports a notebook without code', () => {
    expect(notebookProblems(finished({ cell_type: 'markdown', source: '# Title' }, code('  ')))).toEqual([
      'there is no code cell',
    ])
  })
})

describe('withLastCell', () => {
  it('is undone by withoutLastCell', () => {
    const notebook = { cells: [code('a')], nbformat: 4 }
    expect(withoutLastCell(withLastCell(notebook))).toEqual(notebook)
  })
})
