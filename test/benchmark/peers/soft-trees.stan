data {
  int n;
  int p;
  int trees;
  int depth;
  vector[n] y;
  matrix[n, p] x;
}
transformed data {
  int leafCount = trees;
  int decisionCount;
  for (level in 1:depth) leafCount *= 2;
  decisionCount = leafCount - trees;
}
parameters {
  real<lower=0> leafScale;
  real<lower=0> bandwidth;
  real<lower=0> sigma;
  matrix[p, decisionCount] featureLogits;
  row_vector[decisionCount] cuts;
  vector[leafCount] leaves;
}
model {
  leafScale ~ normal(0, 1);
  bandwidth ~ exponential(2);
  sigma ~ normal(0, 1);
  to_vector(featureLogits) ~ normal(0, 1);
  cuts ~ normal(0, 1);
  leaves ~ normal(0, 1);
  {
    matrix[p, decisionCount] features;
    matrix[n, decisionCount] right;
    matrix[n, leafCount] reached;
    int width = trees;
    for (k in 1:decisionCount) features[, k] = softmax(featureLogits[, k]);
    right = inv_logit((x * features - rep_matrix(cuts, n)) / bandwidth);
    reached[, 1:trees] = rep_matrix(1, n, trees);
    for (level in 1:depth) {
      matrix[n, width] goesRight = reached[, 1:width] .* right[, (width - trees + 1):(2 * width - trees)];
      reached[, (width + 1):(2 * width)] = goesRight;
      reached[, 1:width] = reached[, 1:width] - goesRight;
      width *= 2;
    }
    y ~ normal_id_glm(reached, 0, leaves * (leafScale / sqrt(trees)), sigma);
  }
}
