/** Aligned columns for a terminal; columns whose cells are all numeric are set to the right. Ends in a line feed. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const isNumeric = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^$|^([<>] )?[-+−]?\d[\d.,]*( .*)?%?$/.test(row[column])),
  )
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (isNumeric[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('  ')
      .trimEnd()
  return `${[line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')}\n`
}
