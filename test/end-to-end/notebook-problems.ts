/**
 * What went wrong in an executed notebook. With tslab neither the exit status of nbconvert nor an execution count tells: a cell that does
 * not compile or throws writes to stderr, and the cells after it are skipped without a word. So a last cell is added that prints a mark.
 */
export interface Output {
  readonly output_type: string
  readonly name?: string
  readonly text?: string | readonly string[]
  readonly ename?: string
  readonly evalue?: string
}

export interface Cell {
  readonly cell_type: string
  readonly source: string | readonly string[]
  readonly outputs?: readonly Output[]
}

export interface Notebook {
  readonly cells: readonly Cell[]
}

const mark = 'the last cell was reached'
const lastCell = { cell_type: 'code', source: `console.log('${mark}')`, metadata: {}, execution_count: null, outputs: [] }

const join = (text: string | readonly string[] | undefined): string => (typeof text === 'string' ? text : (text ?? []).join(''))

/** The banner that tfjs prints without tfjs-node: two rules and one sentence between them. */
const tensorflowBanner = /=+\s*Hi, looks like you are running TensorFlow\.js in Node\.js\.[^=]*=+/g

export function withLastCell<Kind extends Notebook>(notebook: Kind): Kind {
  return { ...notebook, cells: [...notebook.cells, lastCell] }
}

export function withoutLastCell<Kind extends Notebook>(notebook: Kind): Kind {
  return { ...notebook, cells: notebook.cells.slice(0, -1) }
}

function streamText(cell: Cell | undefined, stream: 'stdout' | 'stderr'): string {
  const outputs = (cell?.outputs ?? []).filter((output) => output.output_type === 'stream' && output.name === stream)
  return outputs.map((output) => join(output.text)).join('')
}

function cellProblems(cell: Cell): string[] {
  const errors = (cell.outputs ?? []).filter((output) => output.output_type === 'error')
  const talk = streamText(cell, 'stderr').replace(tensorflowBanner, '').trim()
  return [...errors.map((error) => `${error.ename}: ${error.evalue}`), ...(talk === '' ? [] : [talk])]
}

/** Problems of an executed notebook made `withLastCell`, in order; empty when every cell ran and none wrote to stderr. */
export function notebookProblems(notebook: Notebook): string[] {
  const cells = notebook.cells.filter((cell) => cell.cell_type === 'code' && join(cell.source).trim() !== '')
  if (cells.length < 2) return ['there is no code cell']
  const problems = cells.flatMap((cell, index) => cellProblems(cell).map((problem) => `code cell ${index + 1}: ${problem}`))
  if (!streamText(cells.at(-1), 'stdout').includes(mark)) problems.push('the last cell was not reached')
  return problems
}
