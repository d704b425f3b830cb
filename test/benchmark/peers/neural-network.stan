data {
  int n;
  int p;
  int units;
  vector[n] y;
  matrix[n, p] x;
}
parameters {
  real<lower=0> inputScale;
  real<lower=0> outputScale;
  real<lower=0> sigma;
  matrix[p, units] weights;
  row_vector[units] biases;
  vector[units] outputWeights;
  real outputBias;
}
model {
  matrix[n, units] hidden = tanh(x * (weights * (inputScale / sqrt(p))) + rep_matrix(biases, n));
  inputScale ~ normal(0, 1);
  outputScale ~ normal(0, 1);
  sigma ~ normal(0, 1);
  to_vector(weights) ~ normal(0, 1);
  biases ~ normal(0, 1);
  outputWeights ~ normal(0, 1);
  outputBias ~ normal(0, 5);
  y ~ normal(hidden * (outputWeights * (outputScale / sqrt(units))) + outputBias, sigma);
}
