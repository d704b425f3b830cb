/**
 * Instructions of the WebAssembly text format that the engine emits, with their encodings (WebAssembly core specification 2.0, section 5.4).
 * Immediates: `memory` = offset and alignment, `lane` = one byte, `local`, `function` and `label` = an index that may be a name.
 */
export type Immediate = 'local' | 'function' | 'label' | 'i32' | 'i64' | 'f64' | 'v128' | 'memory' | 'lane'

export interface Opcode {
  readonly bytes: readonly number[]
  readonly immediates: readonly Immediate[]
  /** log2 of the natural alignment, for `memory`. */
  readonly alignment?: number
}

const plain: Record<string, number> = {
  unreachable: 0x00,
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  'i32.eqz': 0x45,
  'i32.eq': 0x46,
  'i32.ne': 0x47,
  'i32.lt_s': 0x48,
  'i32.lt_u': 0x49,
  'i32.gt_s': 0x4a,
  'i32.gt_u': 0x4b,
  'i32.le_s': 0x4c,
  'i32.le_u': 0x4d,
  'i32.ge_s': 0x4e,
  'i32.ge_u': 0x4f,
  'i64.eqz': 0x50,
  'i64.eq': 0x51,
  'i64.lt_s': 0x53,
  'i64.gt_s': 0x55,
  'f64.eq': 0x61,
  'f64.ne': 0x62,
  'f64.lt': 0x63,
  'f64.gt': 0x64,
  'f64.le': 0x65,
  'f64.ge': 0x66,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.and': 0x71,
  'i32.or': 0x72,
  'i32.shl': 0x74,
  'i32.shr_s': 0x75,
  'i32.shr_u': 0x76,
  'i64.add': 0x7c,
  'i64.sub': 0x7d,
  'i64.mul': 0x7e,
  'i64.and': 0x83,
  'i64.or': 0x84,
  'i64.xor': 0x85,
  'i64.shl': 0x86,
  'i64.shr_s': 0x87,
  'i64.shr_u': 0x88,
  'f64.abs': 0x99,
  'f64.neg': 0x9a,
  'f64.ceil': 0x9b,
  'f64.floor': 0x9c,
  'f64.trunc': 0x9d,
  'f64.nearest': 0x9e,
  'f64.sqrt': 0x9f,
  'f64.add': 0xa0,
  'f64.sub': 0xa1,
  'f64.mul': 0xa2,
  'f64.div': 0xa3,
  'f64.min': 0xa4,
  'f64.max': 0xa5,
  'f64.copysign': 0xa6,
  'i32.wrap_i64': 0xa7,
  'i64.extend_i32_s': 0xac,
  'f64.convert_i32_s': 0xb7,
  'f64.convert_i32_u': 0xb8,
  'f64.convert_i64_s': 0xb9,
  'i64.reinterpret_f64': 0xbd,
  'f64.reinterpret_i64': 0xbf,
}

/** After the prefix 0xfc. */
const saturating: Record<string, number> = { 'i32.trunc_sat_f64_s': 2, 'i64.trunc_sat_f64_s': 6 }

/** After the prefix 0xfd. */
const vector: Record<string, number> = {
  'i32x4.splat': 17,
  'i64x2.splat': 18,
  'f64x2.splat': 20,
  'f64x2.eq': 71,
  'f64x2.ne': 72,
  'f64x2.lt': 73,
  'f64x2.gt': 74,
  'f64x2.le': 75,
  'f64x2.ge': 76,
  'v128.not': 77,
  'v128.and': 78,
  'v128.andnot': 79,
  'v128.or': 80,
  'v128.xor': 81,
  'v128.bitselect': 82,
  'v128.any_true': 83,
  'f64x2.ceil': 116,
  'f64x2.floor': 117,
  'f64x2.trunc': 122,
  'f64x2.nearest': 148,
  'i32x4.add': 174,
  'i32x4.sub': 177,
  'i64x2.all_true': 195,
  'i64x2.extend_low_i32x4_s': 199,
  'i64x2.extend_low_i32x4_u': 201,
  'i64x2.shl': 203,
  'i64x2.shr_s': 204,
  'i64x2.shr_u': 205,
  'i64x2.add': 206,
  'i64x2.sub': 209,
  'i64x2.mul': 213,
  'i64x2.eq': 214,
  'i64x2.ne': 215,
  'i64x2.lt_s': 216,
  'i64x2.gt_s': 217,
  'f64x2.abs': 236,
  'f64x2.neg': 237,
  'f64x2.sqrt': 239,
  'f64x2.add': 240,
  'f64x2.sub': 241,
  'f64x2.mul': 242,
  'f64x2.div': 243,
  'f64x2.min': 244,
  'f64x2.max': 245,
  'f64x2.pmin': 246,
  'f64x2.pmax': 247,
  'i32x4.trunc_sat_f64x2_s_zero': 252,
  'f64x2.convert_low_i32x4_s': 254,
}

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  do {
    const byte = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? byte + 128 : byte)
  } while (rest > 0)
  return bytes
}

const withImmediates: Record<string, Opcode> = {
  br: { bytes: [0x0c], immediates: ['label'] },
  br_if: { bytes: [0x0d], immediates: ['label'] },
  call: { bytes: [0x10], immediates: ['function'] },
  'local.get': { bytes: [0x20], immediates: ['local'] },
  'local.set': { bytes: [0x21], immediates: ['local'] },
  'local.tee': { bytes: [0x22], immediates: ['local'] },
  'i32.load': { bytes: [0x28], immediates: ['memory'], alignment: 2 },
  'i32.store': { bytes: [0x36], immediates: ['memory'], alignment: 2 },
  'f64.load': { bytes: [0x2b], immediates: ['memory'], alignment: 3 },
  'f64.store': { bytes: [0x39], immediates: ['memory'], alignment: 3 },
  'i32.const': { bytes: [0x41], immediates: ['i32'] },
  'i64.const': { bytes: [0x42], immediates: ['i64'] },
  'f64.const': { bytes: [0x44], immediates: ['f64'] },
  'v128.load': { bytes: [0xfd, ...unsigned(0)], immediates: ['memory'], alignment: 3 },
  'v128.load64_splat': { bytes: [0xfd, ...unsigned(10)], immediates: ['memory'], alignment: 3 },
  'v128.load64_lane': { bytes: [0xfd, ...unsigned(87)], immediates: ['memory', 'lane'], alignment: 3 },
  'v128.store64_lane': { bytes: [0xfd, ...unsigned(91)], immediates: ['memory', 'lane'], alignment: 3 },
  'v128.store': { bytes: [0xfd, ...unsigned(11)], immediates: ['memory'], alignment: 3 },
  'v128.const': { bytes: [0xfd, ...unsigned(12)], immediates: ['v128'] },
  'i8x16.shuffle': { bytes: [0xfd, ...unsigned(13)], immediates: new Array(16).fill('lane') },
  'i32x4.extract_lane': { bytes: [0xfd, ...unsigned(27)], immediates: ['lane'] },
  'f64x2.extract_lane': { bytes: [0xfd, ...unsigned(33)], immediates: ['lane'] },
  'f64x2.replace_lane': { bytes: [0xfd, ...unsigned(34)], immediates: ['lane'] },
}

const coded = (table: Record<string, number>, prefix: readonly number[]): Record<string, Opcode> =>
  Object.fromEntries(
    Object.entries(table).map(([name, code]) => [
      name,
      { bytes: [...prefix, ...(prefix.length > 0 ? unsigned(code) : [code])], immediates: [] },
    ]),
  )

export const opcodes: Readonly<Record<string, Opcode>> = {
  ...coded(plain, []),
  ...coded(saturating, [0xfc]),
  ...coded(vector, [0xfd]),
  ...withImmediates,
}
