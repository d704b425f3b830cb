/**
 * The same posterior as eight_schools_noncentered, and sampled like it: in the centred form tau is hardly explored near 0 (Betancourt and
 * Girolami 2015, arXiv 1312.0906).
 */
export { default } from './eight_schools_noncentered.js'
