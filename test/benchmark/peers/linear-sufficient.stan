data {
  int n;
  int p;
  vector[p + 1] leastSquares;
  matrix[p + 1, p + 1] root;
  real residualSquares;
}
parameters {
  real alpha;
  vector[p] beta;
  real<lower=0> sigma;
}
model {
  alpha ~ normal(0, 10);
  beta ~ normal(0, 2.5);
  sigma ~ normal(0, 2.5);
  target += -n * log(sigma)
            - 0.5 * (residualSquares + dot_self(root * (append_row(alpha, beta) - leastSquares))) / square(sigma);
}
