data {
  int trialCount;
  int coefficientCount;
  real heterogeneityScale;
  vector[coefficientCount] estimate[trialCount];
  matrix[coefficientCount, coefficientCount] covariance[trialCount];
}
parameters {
  vector[coefficientCount] mu;
  vector<lower=0>[coefficientCount] tau;
  cholesky_factor_corr[coefficientCount] correlationFactor;
}
model {
  matrix[coefficientCount, coefficientCount] between = multiply_lower_tri_self_transpose(diag_pre_multiply(tau, correlationFactor));
  mu ~ normal(0, 10);
  tau ~ normal(0, heterogeneityScale);
  correlationFactor ~ lkj_corr_cholesky(2);
  for (j in 1:trialCount) estimate[j] ~ multi_normal(mu, covariance[j] + between);
}
