data {
  int schoolCount;
  vector[schoolCount] y;
  vector[schoolCount] standardError;
}
parameters {
  real mu;
  real<lower=0> tau;
  vector[schoolCount] z;
}
transformed parameters {
  vector[schoolCount] theta = mu + tau * z;
}
model {
  mu ~ normal(0, 5);
  tau ~ cauchy(0, 5);
  z ~ normal(0, 1);
  y ~ normal(theta, standardError);
}
