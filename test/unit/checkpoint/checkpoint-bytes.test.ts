import { describe, expect, it } from 'vitest'
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/checkpoint/checkpoint-bytes.js'
import { joinData, splitData } from '../../../src/checkpoint/plain-data.js'
import { crc32 } from '../../../src/draws/stored/crc32.js'

const awkward = [0, -0, 1, -1.5, Number.NaN, Infinity, -Infinity, Number.MIN_VALUE, Number.MAX_VALUE, 0.1 + 0.2, 2 ** 53 - 1]
const data = {
  text: 'Bernård, "ACT-1"\n',
  numbers: awkward,
  column: Float64Array.from(awkward),
  nested: { isFirst: false, nothing: null, columns: [new Float64Array(0), Float64Array.of(-0)] },
}
const checkpoint = { identity: { poolite: '0.1.0', seed: 1, study: 'Zürich' }, sequence: 7, data }

describe('crc32', () => {
  it('has the check value of the standard: CBF43926 for the digits 1 to 9', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
    expect(crc32(new Uint8Array(0))).toBe(0)
  })
})

describe('splitData and joinData', () => {
  it('keep every bit of every number through JSON', () => {
    const { json, columns } = splitData(data)
    // toEqual tells -0 from 0 and takes NaN for NaN
    expect(joinData({ json: JSON.parse(JSON.stringify(json)), columns })).toEqual(data)
    expect(JSON.stringify(data.numbers)).not.toContain('NaN') // negative control: JSON alone loses it
  })
  it('leave out what is undefined and refuse what is not plain data', () => {
    expect(splitData({ a: undefined, b: 1 }).json).toEqual({ b: 1 })
    for (const foreign of [new Map(), new Int32Array(1), () => {}, Symbol('s'), new Date(0)])
      expect(() => splitData({ deep: [foreign] })).toThrow(/is not plain data/)
  })
})

describe('the bytes of a checkpoint', () => {
  const bytes = encodeCheckpoint(checkpoint)

  it('give the checkpoint back, wherever they lie in a larger buffer', () => {
    expect(decodeCheckpoint(bytes)).toEqual(checkpoint)
    const larger = new Uint8Array(bytes.length + 3)
    larger.set(bytes, 3)
    expect(decodeCheckpoint(larger.subarray(3))).toEqual(checkpoint)
  })
  it('begin with a line that says what they are, and a header that can be read', () => {
    const text = new TextDecoder().decode(bytes)
    expect(text).toMatch(
      /^poolite-checkpoint 1 \d+ *\n\{"identity":\{"poolite":"0\.1\.0","seed":1,"study":"Zürich"\},"sequence":7,/,
    )
  })
  it('are damaged when any one byte is changed', () => {
    for (let index = 0; index < bytes.length; index++) {
      const changed = bytes.slice()
      changed[index] ^= 1 << (index % 8)
      expect(decodeCheckpoint(changed)).toMatchObject({ fault: 'damaged' })
    }
  })
  it('are damaged when cut short anywhere, or lengthened', () => {
    for (let length = 0; length < bytes.length; length++)
      expect(decodeCheckpoint(bytes.subarray(0, length))).toMatchObject({ fault: 'damaged' })
    const longer = new Uint8Array(bytes.length + 1)
    longer.set(bytes)
    expect(decodeCheckpoint(longer)).toMatchObject({ fault: 'damaged' })
  })
  it('of another format are told from damaged ones', () => {
    const other = bytes.slice()
    other['poolite-checkpoint '.length] = '2'.charCodeAt(0)
    const end = other.length - 4
    new DataView(other.buffer).setUint32(end, crc32(other.subarray(0, end)), true)
    expect(decodeCheckpoint(other)).toEqual({ fault: 'other-format', reason: 'it has format 2, and this version reads format 1' })
  })
})
