/**
 * `npm run check:accessibility`: every kind of page that the command line writes, in headless Chromium, light on a desk and dark on a phone. axe finds no
 * violation, nothing is wider than the phone, and the pages need no script and no network. Planted faults must be found. With `--pictures FOLDER` it leaves
 * screenshots and PDFs there to be looked at. Exit status 1 when one line fails.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import axe, { type AxeResults } from 'axe-core'
import type { Browser } from 'playwright-core'
import { openChromium } from '../browser/chromium.js'
import { makePages, type Page } from './pages.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const { values } = parseArgs({ options: { pictures: { type: 'string' } } })

/** Colours do not depend on the width, in CSS pixels, so that two views see them all. */
const views = [
  { place: 'desk', width: 1280, colorScheme: 'light' },
  { place: 'phone', width: 390, colorScheme: 'dark' },
] as const

let failureCount = 0
function expect(what: string, problems: readonly string[]): void {
  if (problems.length > 0) failureCount++
  process.stdout.write(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${what}\n`)
  for (const problem of problems.slice(0, 12)) process.stdout.write(`     ${problem}\n`)
}

async function problemsOf(browser: Browser, { name, path }: Page): Promise<string[]> {
  const problems = scriptProblems(readFileSync(path, 'utf8'))
  for (const { place, width, colorScheme } of views) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    const told = (problem: string) => problems.push(`${place}, ${colorScheme}: ${problem}`)
    page.on('console', (message) => told(message.text()))
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) told(`asks for ${request.url()}`)
    })
    await page.goto(pathToFileURL(path).href)
    await page.evaluate(axe.source)
    const { violations } = (await page.evaluate('axe.run()')) as AxeResults
    for (const { id, help, nodes } of violations) told(`${id}, ${help}: ${nodes[0].html.slice(0, 120)} (${nodes.length})`)
    const wide = (await page.evaluate('document.documentElement.scrollWidth')) as number
    if (wide > width) told(`is ${wide} pixels wide`)
    if (values.pictures)
      await page.screenshot({ path: join(values.pictures, `${name}-${place}-${colorScheme}.png`), fullPage: true })
    await page.close()
  }
  if (values.pictures) await print(browser, path, join(values.pictures, `${name}.pdf`))
  return problems
}

function scriptProblems(text: string): string[] {
  return [
    ...(/<script|\son\w+=|javascript:/i.test(text) ? ['holds a script'] : []),
    ...(/http-equiv="Content-Security-Policy" content="default-src (&#39;|')none/.test(text)
      ? []
      : ['has no policy for its contents']),
  ]
}

async function print(browser: Browser, path: string, pdf: string): Promise<void> {
  const page = await browser.newPage()
  await page.goto(pathToFileURL(path).href)
  await page.pdf({ path: pdf, format: 'A4', preferCSSPageSize: true })
  await page.close()
}

/** Each is found in a page that is otherwise in order. */
const faults = {
  'grey on white': '<p style="color:#bbb">Too pale to read</p>',
  'a picture without words': '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
  'a table that is too wide': '<div style="width:900px">wide</div>',
  'a script': '<script>1</script>',
}

const folder = mkdtempSync(join(tmpdir(), 'poolite-accessibility-'))
const browser = await openChromium()
try {
  if (values.pictures) mkdirSync(values.pictures, { recursive: true })
  const pages = makePages(root, join(root, 'dist/src/cli/main.js'), folder)
  for (const page of pages) expect(`${page.name}: axe, width, scripts, network`, await problemsOf(browser, page))
  const sound = readFileSync(pages.find(({ name }) => name === 'person')!.path, 'utf8')
  for (const [fault, text] of Object.entries(faults)) {
    const path = join(folder, 'fault.html')
    writeFileSync(path, sound.replace('</main>', `${text}</main>`))
    const problems = await problemsOf(browser, { name: 'fault', path })
    expect(`${fault} is found (negative control)`, problems.length > 0 ? [] : ['nothing was found'])
  }
} finally {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(
  failureCount === 0 ? 'check:accessibility: all as it should be\n' : `check:accessibility: ${failureCount} failed\n`,
)
process.exitCode = failureCount === 0 ? 0 : 1
