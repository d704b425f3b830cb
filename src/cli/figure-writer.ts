import { extname } from 'node:path'
import { UsageError } from '../errors/usage-error.js'
import { pngOf, requireConverter } from './png.js'
import { writeWholeFile } from './write-output.js'

/** Makes what the file's name asks for: the page, or the image as SVG or PNG. */
export type FigureWriter = (page: () => string, image: () => string) => void

/** @throws UsageError for a file name that says nothing we can write, and for a PNG where no program can draw one. */
export function writerFor(out: string): FigureWriter {
  const extension = extname(out).toLowerCase()
  if (extension === '.svg') return (_, image) => writeWholeFile(out, image())
  if (extension === '.html' || extension === '.htm') return (page) => writeWholeFile(out, page())
  if (extension === '.png') {
    const converter = requireConverter(out)
    return (_, image) => writeWholeFile(out, pngOf(image(), converter, out))
  }
  throw new UsageError({
    file: out,
    problem: `no figure can be written to a file that ends in "${extension}"`,
    remedy: 'Give a name that ends in .svg, .png or .html.',
  })
}
