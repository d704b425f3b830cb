import { poolingCase } from '../pooling-case.js'

export const benchmarkCase = poolingCase(10, 9)
