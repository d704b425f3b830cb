/**
 * The part of the WebAssembly JavaScript interface that the engine uses, typed here because the library is compiled without the browser's
 * types.
 */
export interface WebAssemblyModule {
  readonly [Symbol.toStringTag]: string
}
export interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer
}
interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => WebAssemblyModule
  readonly Memory: new (size: { initial: number; maximum: number }) => WebAssemblyMemory
  readonly Instance: new (
    module: WebAssemblyModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> }
  validate(bytes: Uint8Array): boolean
}

/** A function with one vector instruction: what a platform without SIMD refuses. */
const SIMD_PROBE = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  5,
  1,
  96,
  0,
  1,
  123,
  3,
  2,
  1,
  0,
  10,
  10,
  1,
  8,
  0,
  65,
  0,
  253,
  15,
  253,
  98,
  11,
)

/** Absent where the platform has no WebAssembly. */
export const webAssembly = (globalThis as unknown as { readonly WebAssembly?: WebAssemblyInterface })
  .WebAssembly as WebAssemblyInterface

/** Why programs cannot run as WebAssembly here; undefined when they can. */
export function webAssemblyIsMissing(): string | undefined {
  if (!webAssembly) return 'this platform has no WebAssembly'
  return webAssembly.validate(SIMD_PROBE) ? undefined : 'this platform has WebAssembly without vector instructions'
}
