import { parseHTML } from 'linkedom'

/** As much of an element as the tests look at; the DOM types are not part of this project. */
export interface PageElement {
  readonly id: string
  readonly className: string
  readonly textContent: string
  getAttribute(name: string): string | null
  querySelector(selector: string): PageElement | null
  querySelectorAll(selector: string): Iterable<PageElement> & { readonly length: number }
}

/** The page or the piece of markup as elements. */
export function parsePage(text: string): PageElement {
  return parseHTML(text).document as unknown as PageElement
}

/** Text of an element with every run of white space as one space. */
export function textOf(element: PageElement | null): string {
  return (element?.textContent ?? '').replace(/\s+/g, ' ')
}
