/** What methods that pool effects have in common; `models/pooling` gives the defaults. */
export interface CombinationOptions {
  readonly weights: 'auxiliary' | 'posterior-variance' | 'bootstrap' | 'size' | 'equal' | 'stacking'
  readonly heterogeneity: 'auxiliary' | 'posterior' | 'restricted-maximum-likelihood' | 'dersimonian-laird' | 'none'
  readonly heterogeneityScale: number
  readonly bootstrapReplicates: number
  readonly components: 'joint' | 'separate'
}
