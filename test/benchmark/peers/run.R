# Runs one job for one Stan program: Rscript run.R job.json
#
# The job names a compiled-model cache, the program, its data, and what to do: `points` (log density and gradient at unconstrained points),
# `chain` (time per leapfrog step of one chain, after warmup) and `sampling` (four chains on two cores). Arrays travel as files of
# little-endian doubles, last index fastest. rstan's compiler flags are left as they are.
suppressPackageStartupMessages(library(rstan))
job <- jsonlite::read_json(commandArgs(trailingOnly = TRUE)[1], simplifyVector = FALSE)
rstan_options(boost_lib = "/usr/include", boost_lib2 = "/usr/include", auto_write = TRUE)

read_array <- function(entry) {
  shape <- unlist(entry$shape)
  values <- readBin(entry$file, "double", prod(shape), endian = "little")
  if (length(shape) == 1) as.array(values) else aperm(array(values, rev(shape)))
}
write_array <- function(values, file) writeBin(as.double(values), file, endian = "little")

data <- lapply(job$data, function(entry) if (is.list(entry)) read_array(entry) else entry)
started <- proc.time()[["elapsed"]]
program <- stan_model(job$program)
compile_seconds <- proc.time()[["elapsed"]] - started
loaded <- suppressMessages(sampling(program, data = data, chains = 0))
result <- list(
  version = paste0("rstan ", packageVersion("rstan"), ", Stan ", stan_version(), ", ", R.version.string),
  dimension = get_num_upars(loaded),
  compileSeconds = compile_seconds
)

if (!is.null(job$points)) {
  points <- read_array(job$points)
  answers <- apply(points, 1, function(position) {
    gradient <- grad_log_prob(loaded, position, adjust_transform = TRUE)
    c(attr(gradient, "log_prob"), gradient)
  })
  write_array(answers, job$points$answers)
}

run_chain <- function(settings, chain) {
  sampling(
    program,
    data = data, chains = 1, chain_id = chain, seed = job$seed, refresh = 0,
    iter = settings$warmup + settings$draws, warmup = settings$warmup,
    control = list(adapt_delta = settings$targetAcceptance, max_treedepth = settings$maximumTreeDepth)
  )
}
sampler_total <- function(fit, name, inc_warmup = FALSE) sum(get_sampler_params(fit, inc_warmup)[[1]][, name])

if (!is.null(job$chain)) {
  fit <- suppressWarnings(run_chain(job$chain, 1))
  result$chain <- list(
    seconds = get_elapsed_time(fit)[1, "sample"],
    leapfrogCount = sampler_total(fit, "n_leapfrog__")
  )
}

if (!is.null(job$sampling)) {
  # Forked, so that starting R is not charged to Stan. Each chain's time is Stan's own (processor time in Stan 2.21).
  fits <- parallel::mclapply(1:4, function(chain) suppressWarnings(run_chain(job$sampling, chain)), mc.cores = 2)
  draws <- lapply(fits, function(fit) extract(fit, pars = unlist(job$sampling$monitored), permuted = FALSE)[, 1, ])
  write_array(unlist(lapply(draws, as.vector)), job$sampling$drawsFile)
  result$sampling <- list(
    chainSeconds = lapply(fits, function(fit) sum(get_elapsed_time(fit))),
    quantityCount = ncol(draws[[1]]),
    leapfrogCount = sum(sapply(fits, sampler_total, "n_leapfrog__")),
    gradientCount = sum(sapply(fits, sampler_total, "n_leapfrog__", inc_warmup = TRUE)),
    divergences = sum(sapply(fits, sampler_total, "divergent__"))
  )
}
jsonlite::write_json(result, job$result, auto_unbox = TRUE, digits = NA)
