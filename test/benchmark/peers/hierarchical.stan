data {
  int trialCount;
  int coefficientCount;
  matrix[trialCount, coefficientCount] estimate;
  matrix[coefficientCount, coefficientCount] whitening[trialCount];
}
transformed data {
  matrix[coefficientCount, trialCount] estimates = estimate';
}
parameters {
  vector[coefficientCount] mu;
  vector<lower=0>[coefficientCount] tau;
  cholesky_factor_corr[coefficientCount] factor;
  matrix[coefficientCount, trialCount] z;
}
model {
  matrix[coefficientCount, trialCount] residuals
    = estimates - rep_matrix(mu, trialCount) - diag_pre_multiply(tau, factor) * z;
  mu ~ normal(0, 10);
  tau ~ normal(0, 0.5);
  factor ~ lkj_corr_cholesky(2);
  to_vector(z) ~ normal(0, 1);
  for (j in 1:trialCount) target += -0.5 * dot_self(whitening[j] * residuals[, j]);
}
