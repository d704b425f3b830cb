import { describe, expect, it } from 'vitest'
import { html, trusted } from '../../../src/report/html.js'

describe('html', () => {
  it('escapes every text that is put in, also inside attributes', () => {
    expect(html`<p title="${'"><script>'}">${"<b> & 'c'"}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt; &amp; &#39;c&#39;</p>',
    )
  })

  it('keeps HTML as HTML, alone and in lists', () => {
    expect(html`<ul>${['a<', 'b'].map((text) => html`<li>${text}</li>`)}</ul>${trusted('<hr>')}`.text).toBe(
      '<ul><li>a&lt;</li><li>b</li></ul><hr>',
    )
  })

  it('makes nothing of undefined and false, and keeps zero', () => {
    expect(html`${undefined}${false}${0}`.text).toBe('0')
  })
})
