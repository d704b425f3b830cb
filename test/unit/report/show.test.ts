import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectForest } from '../../../src/report/analysis-figures.js'
import { show } from '../../../src/report/show.js'
import { smallAnalysis } from '../cli/small-analysis.js'

const analysis = await smallAnalysis(['A', 'B', 'C'])
const page = '<!doctype html><html><title>A "page"</title><body onload="alert(1)"></body></html>'
const scope = globalThis as Record<string, unknown>

let written: string[]
beforeEach(() => {
  written = []
  vi.spyOn(console, 'log').mockImplementation((text: string) => void written.push(text))
})
afterEach(() => {
  vi.restoreAllMocks()
  delete scope.__tslab__
  delete scope.Deno
})

describe('show in plain Node', () => {
  it('writes values as text', () => {
    show(analysis)
    expect(written.join()).toContain('P(benefit)')
  })
  it('names figures and pages instead of writing their markup', () => {
    show(effectForest(analysis))
    show(page)
    expect(written[0]).toMatch(/^figure: Forest plot/)
    expect(written[1]).toBe(`page: A "page" (${page.length} characters of HTML)`)
  })
})

describe('show in tslab', () => {
  it('draws figures with its display and still writes values as text', () => {
    const shown: string[] = []
    scope.__tslab__ = { require: () => ({ display: { html: (markup: string) => shown.push(markup) } }) }
    show(effectForest(analysis))
    show(analysis.pooled)
    expect(shown).toHaveLength(1)
    expect(shown[0]).toMatch(/^<svg /)
    expect(written[0]).toContain('rhat')
  })
  it('shows a page in a frame that can run nothing', () => {
    const shown: string[] = []
    scope.__tslab__ = { require: () => ({ display: { html: (markup: string) => shown.push(markup) } }) }
    show(page)
    expect(shown[0]).toMatch(/^<iframe srcdoc="&lt;!doctype html&gt;/)
    expect(shown[0]).toContain('sandbox=""')
    expect(shown[0]).not.toContain('<body')
  })
})

describe('show in Deno', () => {
  it('broadcasts figures in its kernel', () => {
    const broadcast = vi.fn(async () => {})
    scope.Deno = { jupyter: { broadcast } }
    show(effectForest(analysis))
    expect(broadcast).toHaveBeenCalledWith(
      'display_data',
      expect.objectContaining({ data: { 'text/html': expect.stringMatching(/^<svg /) } }),
    )
  })
  it('writes text outside of its kernel, where asking for one throws', () => {
    scope.Deno = {
      get jupyter(): never {
        throw new Error('only in the kernel')
      },
    }
    show(effectForest(analysis))
    expect(written[0]).toMatch(/^figure:/)
  })
})
