data {
  int n;
  int p;
  vector[n] y;
  matrix[n, p] x;
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
  y ~ normal_id_glm(x, alpha, beta, sigma);
}
