import { flat } from '../../../src/distributions/flat.js'
import { describeImproper } from './describe-improper.js'

describeImproper('flat', flat(), 'identity')
