import { describe, expect, it } from 'vitest'
import { readTable } from '../../../src/data/read-table.js'
import { DataError } from '../../../src/errors/data-error.js'
import { thrown } from './fixtures.js'

const read = (text: string) => readTable(text, 'trials.csv')

describe('readTable', () => {
  it('reads cells as trimmed text and numbers rows by the lines of the file, header 1', () => {
    const table = read('study,y\n A , 007 \nB,2\n')
    expect(table.columns).toEqual(['study', 'y'])
    expect(table.rows).toEqual([
      { row: 2, cells: ['A', '007'] },
      { row: 3, cells: ['B', '2'] },
    ])
  })

  it('counts blank lines and line breaks inside quoted cells', () => {
    const table = read('study,note\nA,"two\nlines"\n\nB,"say ""no"", please"\n,\nC,x')
    expect(table.rows.map(({ row }) => row)).toEqual([2, 5, 7])
    expect(table.rows[1].cells[1]).toBe('say "no", please')
  })

  it('reads carriage returns, a byte order mark, semicolons and tabs', () => {
    expect(read('\uFEFFstudy,y\r\nA,1\r\n').rows).toEqual([{ row: 2, cells: ['A', '1'] }])
    expect(read('study;y\nA;1').rows[0].cells).toEqual(['A', '1'])
    expect(read('study\ty\nA\t1').rows[0].cells).toEqual(['A', '1'])
    expect(read('"study; or trial",y\nA,1').columns).toEqual(['study; or trial', 'y'])
  })

  it.each([
    ['a spreadsheet', 'PK\u0003\u0004xl/workbook', 'spreadsheet'],
    ['Parquet', 'PAR1\u0015', 'Parquet'],
    ['a web page', '<!DOCTYPE html><html>', 'web page'],
    ['JSON', '[{"study": 1, "y": 2}]', 'JSON'],
    ['a PDF', '%PDF-1.7', 'PDF'],
    ['gzip', '\u001f\uFFFD\b', 'compressed'],
    ['binary', 'study,y\u0000\n1,2', 'binary'],
    ['nothing', '  \n\n', 'empty'],
    ['a single column', 'study\nA\nB', 'single column'],
    ['columns separated by |', 'study|y\nA|1', 'separated by |'],
    ['a header alone', 'study,y\n', 'no patients'],
    ['no header', '1,2,3\n4,5,6', 'not column names'],
  ])('refuses %s and says so', (_, text, words) => {
    const error = thrown(() => read(text))
    expect(error).toBeInstanceOf(DataError)
    expect(error.message).toContain(words)
    expect(error.details.file).toBe('trials.csv')
    expect(error.details.remedy).not.toBe('')
  })

  it('does not take a table whose header begins with a bracket for JSON', () => {
    expect(read('[study],y\nA,1').columns[0]).toBe('[study]')
  })

  it('names the first ragged row and how many there are', () => {
    const { details } = thrown(() => read('study,y\nA,1\nB,1,2\nC'))
    expect(details.row).toBe(3)
    expect(details.problem).toBe('3 cells where the header has 2')
    expect(details.reason).toContain('2 rows')
  })

  it('recognises row names of R without a header and quotation marks that are never closed', () => {
    expect(thrown(() => read('study,y\n1,A,1\n2,B,1')).details.remedy).toContain('row.names')
    const open = thrown(() => read('study,y\nA,1\n"B,1\nC,2'))
    expect(open.details.row).toBe(3)
    expect(open.details.remedy).toContain('never closed')
  })

  it('refuses repeated column names and names them', () => {
    const { details } = thrown(() => read('study,y,y\nA,1,2'))
    expect(details.column).toBe('y')
    expect(details.row).toBe(1)
  })
})
