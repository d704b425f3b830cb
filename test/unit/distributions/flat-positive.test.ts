import { flatPositive } from '../../../src/distributions/flat-positive.js'
import { describeImproper } from './describe-improper.js'

describeImproper('flatPositive', flatPositive(), 'positive')
