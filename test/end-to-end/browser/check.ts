/**
 * `npm run check:browser`: the packed library, bundled by vite for a page in headless Chromium, fits a model and runs an analysis there with the draws that Node
 * gives, bit for bit once both have the same elementary functions, and nothing of Node is in the bundle. Exit status 1 when one line fails.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { call } from '../call.js'
import { installPacked } from '../package/pack.js'
import { openChromium } from './chromium.js'
import type { Work } from './work.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
/** Nothing leaves the machine: the page's requests are answered here. Of a secure origin, for its WebCrypto. */
const origin = 'https://poolite.test/'

let failureCount = 0
function expect(isMet: boolean, what: string, otherwise = ''): void {
  if (!isMet) failureCount++
  process.stdout.write(`${isMet ? 'ok  ' : 'FAIL'} ${what}${isMet ? '' : ` ${otherwise}`}\n`)
}

const read = (name: string) => readFileSync(join(root, 'notebooks/data', name), 'utf8')
const data = [read('example-trials.csv'), read('example-protocol.yaml')] as const

/** Bundles a page with that script into `dist`; the modules of Node that it would need. */
async function bundle(folder: string, script: string): Promise<string[]> {
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><title>poolite</title><script type="module" src="./page.ts"></script>',
  )
  writeFileSync(join(folder, 'page.ts'), script)
  const ofNode: string[] = []
  await build({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    build: { minify: false, modulePreload: false },
    plugins: [
      {
        name: 'modules-of-node',
        enforce: 'pre',
        resolveId(source, importer) {
          if (source.startsWith('node:')) ofNode.push(`${importer} imports ${source}`)
        },
      },
    ],
  })
  return ofNode
}

function sizeOf(folder: string): string {
  const assets = join(folder, 'dist/assets')
  const sizes = readdirSync(assets).map((name) => statSync(join(assets, name)).size)
  return `${sizes.length} scripts, ${(sizes.reduce((sum, size) => sum + size, 0) / 1e6).toFixed(1)} MB before minification`
}

/** What `work` gives in Chromium. */
async function inPage(folder: string, before: string): Promise<Work> {
  const browser = await openChromium()
  try {
    const page = await browser.newPage()
    page.on('pageerror', (error) => expect(false, 'the page has no error', error.message))
    await page.addInitScript(before)
    await page.route(`${origin}**`, (route) => {
      const { pathname } = new URL(route.request().url())
      return route.fulfill({ path: join(folder, 'dist', pathname === '/' ? 'index.html' : pathname) })
    })
    await page.goto(origin)
    await page.waitForFunction('globalThis.work')
    return (await page.evaluate(`work(${data.map((text) => JSON.stringify(text)).join()})`)) as Work
  } finally {
    await browser.close()
  }
}

/** The same in a process of Node. */
function inNode(folder: string, before: string): Work {
  writeFileSync(join(folder, 'before.mjs'), before)
  writeFileSync(
    join(folder, 'main.mjs'),
    `import './before.mjs'\nimport { work } from './work.mjs'\nprocess.stdout.write(JSON.stringify(await work(${data.map((text) => JSON.stringify(text)).join()})))`,
  )
  return JSON.parse(call(process.execPath, ['main.mjs'], folder))
}

/**
 * The last bit of Math.exp and its like is the JavaScript engine's own affair, and chains amplify it. Rounded to 29 bits (Veltkamp's splitting) the functions of
 * two engines give the same numbers but for one in some 10^8 calls, and all else must be equal. Worker threads
 * would have functions of their own.
 */
const coarseMath = `
const coarse = (value) => {
  const scaled = value * (2 ** 24 + 1)
  return Number.isFinite(scaled) ? scaled - (scaled - value) : value
}
for (const name of ['exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'cbrt', 'pow']) {
  const exact = Math[name]
  Math[name] = (...values) => coarse(exact(...values))
}`

const areClose = (a: readonly number[], b: readonly number[], tolerance: number) =>
  a.length === b.length && a.every((value, at) => Math.abs(value - b[at]) < tolerance)

/** Bit for bit: Object.is tells zeros apart and finds NaN equal. */
const isSame = (a: readonly number[][], b: readonly number[][]) =>
  a.length === b.length &&
  a.every((row, at) => row.length === b[at].length && row.every((value, index) => Object.is(value, b[at][index])))

async function check(folder: string): Promise<void> {
  installPacked(root, folder)
  cpSync(join(root, 'test/end-to-end/browser/work.ts'), join(folder, 'work.ts'))
  expect((await bundle(folder, "import 'node:fs'")).length > 0, 'a module of Node in a bundle would be seen (negative control)')
  const ofNode = await bundle(folder, "import { work } from './work'\nObject.assign(globalThis, { work })\n")
  expect(ofNode.length === 0, `the bundle holds nothing of Node: ${sizeOf(folder)}`, ofNode.join(' '))
  call(join(root, 'node_modules/.bin/esbuild'), ['work.ts', '--format=esm', '--outfile=work.mjs'], folder)
  const [page, node] = [await inPage(folder, ''), inNode(folder, '')]
  expect(page.engine === node.engine, `the page runs ${page.engine}`, `and Node ${node.engine}`)
  expect(page.report.startsWith('<!doctype html>'), 'the page renders the report')
  expect(areClose(page.effects, node.effects, 0.1), `${page.effects.length} effects are about those of Node`)
  const [same, nodes] = [await inPage(folder, coarseMath), inNode(folder, coarseMath)]
  const drawn = ({ sampled, pooled }: Work) =>
    `${sampled.length} x ${sampled[0].length} draws of a model and ${pooled.length} x ${pooled[0].length} pooled ones`
  expect(
    isSame(same.sampled, nodes.sampled) && isSame(same.pooled, nodes.pooled),
    `${drawn(same)} are those of Node, bit for bit, given the same elementary functions`,
  )
  process.stdout.write(`     with each engine's own: ${isSame(page.sampled, node.sampled) ? 'the same' : 'other'} draws\n`)
  const other = nodes.sampled.map((row) => row.map((value, at) => (at === 7 ? value + 2 ** -40 : value)))
  expect(!isSame(same.sampled, other), 'one draw that differs would be seen (negative control)')
}

const folder = mkdtempSync(join(tmpdir(), 'poolite-browser-'))
try {
  await check(folder)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(failureCount === 0 ? 'check:browser: all as it should be\n' : `check:browser: ${failureCount} failed\n`)
process.exitCode = failureCount === 0 ? 0 : 1
