/** Stands in a drafted protocol for what the data cannot say and nobody should guess; such a protocol is refused until it has been replaced. */
export const unconfirmed = 'CONFIRM'
