// y ~ N(X beta, sigma) over its least-squares coefficients and the R of X = QR. A betaScale of 0 is a flat prior.
data {
  int count;
  int coefficientCount;
  vector[coefficientCount] leastSquares;
  matrix[coefficientCount, coefficientCount] root;
  real residualSquares;
  real betaScale;
  real sigmaNormalScale;
  real sigmaCauchyScale;
}
parameters {
  vector[coefficientCount] beta;
  real<lower=0> sigma;
}
model {
  if (betaScale > 0) beta ~ normal(0, betaScale);
  if (sigmaNormalScale > 0) sigma ~ normal(0, sigmaNormalScale);
  if (sigmaCauchyScale > 0) sigma ~ cauchy(0, sigmaCauchyScale);
  target += -count * log(sigma) - 0.5 * (residualSquares + dot_self(root * (beta - leastSquares))) / square(sigma);
}
