/** Colours of a figure in a file of its own, by the names of the report's style sheet. */
const themes = {
  light: { surface: '#ffffff', ink: '#191d22', muted: '#5a636e', rule: '#d9dde2', accent: '#0a6190', 'accent-soft': '#a5cbe0' },
  dark: { surface: '#14171b', ink: '#e7e9ec', muted: '#a2abb6', rule: '#343a42', accent: '#68b4e0', 'accent-soft': '#2c5873' },
} as const

export type FigureTheme = keyof typeof themes

const fonts = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Liberation Sans',sans-serif"

/**
 * An SVG of `figureSvg` or `figureGrid` as the text of a file that looks the same everywhere: colours are written out, since Inkscape, LaTeX
 * and office programs know neither CSS variables nor the colours of a page, and there is a background.
 */
export function standaloneSvg(svg: string, theme: FigureTheme = 'light'): string {
  const colours: Readonly<Record<string, string>> = themes[theme]
  const plain = svg
    .replace(/var\(--([\w-]+)(?:,\s*[^()]*)?\)/g, (whole, name: string) => colours[name] ?? whole)
    .replace(/currentColor/gi, colours.ink)
    .replace(/font-family:\s*inherit/g, `font-family: ${fonts}`)
  const margin = 12
  const opening = /^<svg [^>]*>/.exec(plain)?.[0] ?? ''
  const [width, height] = ['width', 'height'].map((name) => Number(new RegExp(` ${name}="([\\d.]+)"`).exec(opening)?.[1] ?? 0))
  const outer = `<svg xmlns="http://www.w3.org/2000/svg" width="${width + 2 * margin}" height="${height + 2 * margin}" viewBox="${-margin} ${-margin} ${width + 2 * margin} ${height + 2 * margin}">`
  const background = `<rect x="${-margin}" y="${-margin}" width="100%" height="100%" fill="${colours.surface}"/>`
  return `<?xml version="1.0" encoding="UTF-8"?>\n${outer}${background}${plain}</svg>\n`
}
