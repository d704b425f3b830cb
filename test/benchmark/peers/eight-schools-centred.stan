data {
  int schoolCount;
  vector[schoolCount] y;
  vector[schoolCount] standardError;
}
parameters {
  real mu;
  real<lower=0> tau;
  vector[schoolCount] theta;
}
model {
  mu ~ normal(0, 5);
  tau ~ cauchy(0, 5);
  theta ~ normal(mu, tau);
  y ~ normal(theta, standardError);
}
