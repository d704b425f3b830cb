/** A piece of HTML that is safe to place in a page as it is. Only `html` and `trusted` make one. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text
  }
}

/** What may stand between the pieces of a template: text is escaped, `Html` is not, `undefined` and `false` are nothing. */
export type Content = Html | string | number | undefined | false | readonly Content[]

/** Template tag: literal parts are HTML, every string that is put in is escaped. */
export function html(literals: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(literals.reduce((text, literal, index) => text + render(contents[index - 1]) + literal))
}

/** Markup made by a program of ours, such as the SVG of a figure. Never give it text that comes from data. */
export function trusted(markup: string): Html {
  return new Html(markup)
}

function render(content: Content): string {
  if (content === undefined || content === false) return ''
  if (content instanceof Html) return content.text
  if (Array.isArray(content)) return content.map(render).join('')
  return escapeText(String(content))
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character])
}
