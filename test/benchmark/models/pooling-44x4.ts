import { poolingCase } from '../pooling-case.js'

export const benchmarkCase = poolingCase(44, 4)
