/** partyid7 on ideology, race, age group (levels 2, 3, 4 against 1), education, gender and income; flat priors. */
import { indicator, linearRegression, ones } from '../linear-regression.js'

type Variable = 'partyid7' | 'real_ideo' | 'race_adj' | 'age_discrete' | 'educ1' | 'gender' | 'income'

export default ({ partyid7, real_ideo, race_adj, age_discrete, educ1, gender, income }: Record<Variable, number[]>) => {
  const ageGroups = [2, 3, 4].map((level) => indicator(age_discrete, level))
  return linearRegression('nes', partyid7, [ones(partyid7), real_ideo, race_adj, ...ageGroups, educ1, gender, income])
}
