# REML by metafor: Rscript reml.R job.json
#
# The job names estimates `[trial, coefficient]` and covariances `[trial, coefficient, coefficient]` as files of little-endian doubles, last index fastest, a structure
# (UN or DIAG) and how often to repeat. Seconds are those of one fit, of the processor; reading data and starting R are not counted.
suppressPackageStartupMessages(library(metafor))
job <- jsonlite::read_json(commandArgs(trailingOnly = TRUE)[1], simplifyVector = TRUE)
read_array <- function(entry) {
  values <- readBin(entry$file, "double", prod(entry$shape), endian = "little")
  aperm(array(values, rev(entry$shape)))
}
estimate <- read_array(job$estimate)
covariance <- read_array(job$covariance)
trials <- nrow(estimate)
size <- ncol(estimate)
data <- data.frame(
  y = as.vector(t(estimate)),
  trial = rep(seq_len(trials), each = size),
  coefficient = factor(rep(seq_len(size), trials))
)
V <- lapply(seq_len(trials), function(trial) covariance[trial, , ])
seconds <- numeric(job$repeats)
for (run in seq_len(job$repeats)) {
  used <- system.time(
    fit <- rma.mv(y, V, mods = ~ coefficient - 1, random = ~ coefficient | trial, struct = job$structure, data = data, method = "REML", sparse = FALSE)
  )
  seconds[run] <- used[["user.self"]] + used[["sys.self"]]
}
jsonlite::write_json(
  list(
    version = paste0("metafor ", packageVersion("metafor"), ", ", R.version.string),
    seconds = median(seconds),
    logLikelihood = as.numeric(logLik(fit)),
    coefficients = as.vector(coef(fit)),
    tauSquared = fit$tau2
  ),
  job$result,
  auto_unbox = TRUE, digits = NA
)
