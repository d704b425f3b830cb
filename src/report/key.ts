import { type Html, html, trusted } from './html.js'

/** Marks of our figures as small pictures for a key. */
const marks = {
  'own trial':
    '<line x1="1" x2="27" y1="7" y2="7" stroke="var(--muted)" stroke-width="1.2"/><rect x="10.5" y="3.5" width="7" height="7" fill="var(--muted)"/>',
  shrunken:
    '<line x1="1" x2="27" y1="7" y2="7" stroke="var(--accent)" stroke-width="2"/><circle cx="14" cy="7" r="3.2" fill="var(--accent)"/>',
  diamond: '<path d="M1,7L14,1L27,7L14,13Z" fill="var(--accent)"/>',
  prediction:
    '<rect x="1" y="4" width="26" height="6" fill="var(--accent-soft)" stroke="var(--accent)"/><line x1="14" x2="14" y1="2" y2="12" stroke="var(--accent)" stroke-width="2"/>',
  'thick bar':
    '<line x1="14" x2="14" y1="0" y2="14" stroke="var(--accent)" stroke-width="4"/><line x1="10" x2="18" y1="7" y2="7" stroke="var(--surface)" stroke-width="2.2"/>',
  'thin bar': '<line x1="14" x2="14" y1="0" y2="14" stroke="var(--accent-soft)" stroke-width="1.8"/>',
  'solid line': '<line x1="0" x2="28" y1="7" y2="7" stroke="var(--accent)" stroke-width="2"/>',
  'dashed line': '<line x1="0" x2="28" y1="7" y2="7" stroke="var(--ink)" stroke-width="2" stroke-dasharray="6 4"/>',
  tick: '<line x1="14" x2="14" y1="0" y2="14" stroke="var(--ink)" stroke-width="1.5"/>',
  'full dot': '<circle cx="14" cy="7" r="5.5" fill="var(--accent)" stroke="var(--accent)"/>',
  'half dot': '<circle cx="14" cy="7" r="5.5" fill="var(--accent-soft)" stroke="var(--accent)"/>',
  'hollow dot': '<circle cx="14" cy="7" r="5.5" fill="var(--surface)" stroke="var(--ink)" stroke-width="1.4"/>',
} as const

export type KeyMark = keyof typeof marks

/** What the marks of a figure mean. */
export function key(entries: readonly (readonly [KeyMark, string])[]): Html {
  return html`<ul class="key">${entries.map(
    ([mark, text]) =>
      html`<li><svg width="28" height="14" viewBox="0 0 28 14" aria-hidden="true">${trusted(marks[mark])}</svg>${text}</li>`,
  )}</ul>`
}
