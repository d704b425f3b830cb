import { execFileSync } from 'node:child_process'
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { UsageError } from '../errors/usage-error.js'

/** Pixels of the image for each pixel of the figure: sharp in print. */
const zoom = 2

interface Converter {
  readonly program: string
  readonly words: (svg: string, png: string, size: readonly [width: number, height: number]) => readonly string[]
}

const browserWords: Converter['words'] = (svg, png, [width, height]) => [
  '--headless',
  '--disable-gpu',
  '--hide-scrollbars',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  `--force-device-scale-factor=${zoom}`,
  `--window-size=${Math.ceil(width)},${Math.ceil(height)}`,
  `--screenshot=${png}`,
  `file://${svg}`,
]

/** Programs that draw fonts, the best first. */
const converters: readonly Converter[] = [
  { program: 'rsvg-convert', words: (svg, png) => ['--zoom', String(zoom), '-o', png, svg] },
  { program: 'resvg', words: (svg, png) => ['--zoom', String(zoom), svg, png] },
  { program: 'inkscape', words: (svg, png) => [`--export-dpi=${96 * zoom}`, `--export-filename=${png}`, svg] },
  ...['chromium', 'chromium-browser', 'google-chrome'].map((program) => ({ program, words: browserWords })),
]

/** The first of the programs that this machine has. @param path as the environment has it */
export function findConverter(path = process.env.PATH ?? ''): Converter | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== '')
  return converters.find(({ program }) => folders.some((folder) => isProgram(join(folder, program))))
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** @throws UsageError when no program on this machine can do it: asked before the work, so that it is not in vain. */
export function requireConverter(out: string): Converter {
  const found = findConverter()
  if (found) return found
  throw new UsageError({
    file: out,
    problem: 'a PNG cannot be written here',
    reason: 'that takes a program that draws fonts, and none was found',
    remedy: `Install one of ${converters.map(({ program }) => program).join(', ')}, or write .svg.`,
  })
}

/** The picture of an SVG file as the bytes of a PNG. @throws UsageError when the program fails. */
export function pngOf(svgText: string, converter: Converter, out: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'poolite-png-'))
  const [svg, png] = [join(folder, 'figure.svg'), join(folder, 'figure.png')]
  try {
    writeFileSync(svg, svgText)
    const [, width = '820', height = '600'] = /<svg [^>]*?width="([\d.]+)"[^>]*?height="([\d.]+)"/.exec(svgText) ?? []
    execFileSync(converter.program, converter.words(svg, png, [Number(width), Number(height)]), {
      stdio: 'ignore',
      timeout: 120_000,
    })
    return readFileSync(png)
  } catch (error) {
    throw new UsageError({
      file: out,
      problem: `${converter.program} made no PNG`,
      reason: (error as Error).message.split('\n')[0],
      remedy: 'Write .svg, and convert it with a program of your choice.',
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
