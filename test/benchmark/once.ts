/** Makes a value at the first call and gives the same one at every later call: data are simulated outside what is timed. */
export function once<Value, Argument = void>(make: (argument: Argument) => Value): (argument: Argument) => Value {
  const made = new Map<Argument, Value>()
  return (argument) => {
    if (!made.has(argument)) made.set(argument, make(argument))
    return made.get(argument) as Value
  }
}
