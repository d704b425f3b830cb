import { readFileSync } from 'node:fs'
import { assemble } from '../../../../src/engine/webassembly/assemble.js'

const folder = new URL('../../../../src/inference/native/', import.meta.url)
export const moduleFile = new URL('trajectory-module.ts', folder)

/** `trajectory.wat`, assembled. */
export function assembleTrajectory(): Uint8Array {
  return assemble({
    imports: [
      { name: 'run', parameters: [], results: [] },
      { name: 'exp', parameters: ['f64'], results: ['f64'] },
      { name: 'uniform', parameters: [], results: ['f64'] },
    ],
    functions: readFileSync(new URL('trajectory.wat', folder), 'utf8'),
    exports: ['grow'],
  })
}

/** The text of `trajectory-module.ts`. */
export function printTrajectoryModule(): string {
  const lines =
    Buffer.from(assembleTrajectory())
      .toString('base64')
      .match(/.{1,120}/g) ?? []
  return `/** Made from trajectory.wat by \`npm run generate:trajectory\`: not to be edited. */
const BASE64 = [
${lines.map((line) => `  '${line}',`).join('\n')}
].join('')

let decoded: Uint8Array | undefined

/** The WebAssembly module; the same array every time. */
export function trajectoryModule(): Uint8Array {
  decoded ??= Uint8Array.from(atob(BASE64), (character) => character.charCodeAt(0))
  return decoded
}
`
}
