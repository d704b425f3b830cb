const inspect = Symbol.for('nodejs.util.inspect.custom')

/**
 * Gives a value a text by which Node's console, tslab and Deno print it instead of listing its fields. Nothing else sees it: neither
 * copies by `{ ...value }`, nor comparisons, nor JSON.
 * @returns the value itself
 */
export function printable<Value extends object>(value: Value, text: (value: Value) => string): Value {
  return Object.defineProperty(value, inspect, { value: () => text(value), configurable: true })
}
