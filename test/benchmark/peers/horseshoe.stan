data {
  int n;
  int p;
  real globalScale;
  vector[n] y;
  matrix[n, p] x;
}
parameters {
  real alpha;
  real<lower=0> sigma;
  real<lower=0> tau;
  real<lower=0> slabVariance;
  vector<lower=0>[p] lambda;
  vector[p] z;
}
transformed parameters {
  vector[p] beta;
  {
    vector[p] squared = square(tau * lambda);
    beta = z .* sqrt(slabVariance * squared ./ (slabVariance + squared));
  }
}
model {
  alpha ~ normal(0, 10);
  sigma ~ normal(0, 2.5);
  tau ~ cauchy(0, globalScale * sigma);
  slabVariance ~ inv_gamma(2, 8);
  lambda ~ cauchy(0, 1);
  z ~ normal(0, 1);
  y ~ normal_id_glm(x, alpha, beta, sigma);
}
