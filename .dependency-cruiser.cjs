/**
 * Who may import whom: the layers of src/README.md as rules. `npm run check:imports` applies them, and
 * test/contract/import-rules.test.ts plants a violation of every rule and expects each to be reported.
 *
 * `tsPreCompilationDeps` makes type-only imports visible, so a folder that must not know another does not know its types either,
 * unless the rule says `dependencyTypesNot: ['type-only']`.
 */
const typeOnly = { dependencyTypesNot: ['type-only'] }
const tensorflow = '(^|/)node_modules/@tensorflow/'
/** Files directly in src, and the folders that compose the others: they fit, criticise, pool, cross-validate and study. */
const roof = '^src/([^/]+\\.ts$|(fitting|criticism|stages|cross-validation|study)/)'

/** Folders that `from` may not import, types included unless `also` says otherwise. */
const never = (name, from, to, comment, also = {}) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: to, ...also },
})

module.exports = {
  forbidden: [
    {
      name: 'errors-stand-alone',
      comment: 'errors import nothing but each other, and types of the contract',
      severity: 'error',
      from: { path: '^src/errors/' },
      to: { pathNot: ['^src/errors/', '^src/contract/'] },
    },
    {
      name: 'numeric-and-random-are-ground',
      comment: 'numeric and random use each other, errors and packages, nothing above them',
      severity: 'error',
      from: { path: '^src/(numeric|random)/' },
      to: { path: '^(src|models|diagnostics)/', pathNot: '^src/(numeric|random|errors|contract)/' },
    },
    never(
      'numeric-and-random-see-no-tensor',
      '^src/(errors|numeric|random)/',
      tensorflow,
      'numbers only: no tensors in the ground',
      typeOnly,
    ),
    {
      name: 'ground-takes-types-of-the-contract',
      comment: 'errors, numeric and random may use the types of the contract, never a value',
      severity: 'error',
      from: { path: '^src/(errors|numeric|random)/' },
      to: { path: '^src/contract/', ...typeOnly },
    },
    {
      name: 'contract-is-types',
      comment: 'contract files import types only, errors apart',
      severity: 'error',
      from: { path: '^src/contract/' },
      to: { pathNot: '^src/errors/', ...typeOnly },
    },
    {
      name: 'draws-stand-on-types',
      comment: 'draws are a value: errors and packages apart, they import types only',
      severity: 'error',
      from: { path: '^src/draws/' },
      to: { path: '^(src|models|diagnostics)/', pathNot: '^src/(draws|errors)/', ...typeOnly },
    },
    {
      name: 'draws-see-no-tensor',
      comment: 'draws hold Float64Array, not tensors',
      severity: 'error',
      from: { path: '^src/draws/' },
      to: { path: tensorflow },
    },
    never(
      'distributions-and-transforms-know-no-model',
      '^src/(distributions|transforms)/',
      '^(src/(data|inference|language|effects|simulation|site|report|cli)/|models/|diagnostics/)',
      'a distribution or a transform knows tensors and shapes, not data, models or samplers',
    ),
    never(
      'inference-knows-the-log-density-only',
      '^src/inference/',
      '^(src/(data|engine|language|distributions|transforms|effects|simulation|site|report|cli)/|models/|diagnostics/)',
      'LogDensity is all that inference knows of a model',
    ),
    {
      name: 'inference-reaches-no-tensor',
      comment: 'samplers work on Float64Array',
      severity: 'error',
      from: { path: '^src/inference/' },
      to: { path: tensorflow, reachable: true },
    },
    {
      name: 'language-binds-models-to-data',
      comment: 'the model language stands on contract, engine, distributions, transforms, draws, random, numeric and errors',
      severity: 'error',
      from: { path: '^src/language/' },
      to: {
        path: '^(src|models|diagnostics)/',
        pathNot: '^src/(language|contract|engine|distributions|transforms|draws|random|numeric|errors)/',
      },
    },
    never(
      'engine-knows-no-model',
      '^src/engine/',
      '^(src/(data|inference|language|distributions|transforms|effects|simulation|site|report|cli)/|models/|diagnostics/)',
      'the engine compiles tensor functions, whoever wrote them',
    ),
    never(
      'models-are-not-fitted-here',
      '^models/',
      '^(src/(inference|report|cli|simulation|site)/|diagnostics/)',
      'a model does not know how it is fitted, judged or shown',
    ),
    {
      name: 'diagnostics-reach-no-tensor',
      comment: 'diagnostics are pure functions of arrays, so they never reach tfjs, not even through others or for its types',
      severity: 'error',
      from: { path: '^diagnostics/' },
      to: { path: tensorflow, reachable: true },
    },
    never(
      'diagnostics-judge-draws-only',
      '^diagnostics/',
      '^(src/(inference|engine|language|report|cli)/|models/)',
      'diagnostics receive draws, whoever made them',
    ),
    never(
      'site-fits-nothing',
      '^src/site/',
      `${tensorflow}|^src/(engine|inference|language|report)/|^models/`,
      'a site file is made from results and judged as data: it knows no tensor, sampler, model or report',
    ),
    {
      name: 'report-reaches-no-tensor-or-sampler',
      comment: 'a report is made from an Analysis: neither tfjs nor inference comes with it',
      severity: 'error',
      from: { path: '^src/report/' },
      to: { path: `${tensorflow}|^src/inference/`, reachable: true },
    },
    {
      name: 'node-only-at-the-edge',
      comment: 'node:* only in src/cli, src/catalog.ts and src/fitting/worker*.ts, so that the rest also runs in a browser',
      severity: 'error',
      from: {
        path: '^(src|models|diagnostics)/',
        pathNot: '^src/(cli/|catalog\\.ts$|fitting/worker[^/]*\\.ts$)',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'node-on-demand',
      comment: 'what needs node:* is imported when it is wanted, so that a browser never loads it',
      severity: 'error',
      from: { path: '^(src|models|diagnostics)/', pathNot: '^src/(cli/|fitting/worker[^/]*\\.ts$)' },
      to: { path: '^src/(catalog|fitting/worker[^/]*)\\.ts$', dynamic: false, ...typeOnly },
    },
    {
      name: 'worker-reaches-no-tensor-or-model',
      comment:
        'a worker thread starts quickly (a linear algebra package takes longer to load than a short chain) and sees no model',
      severity: 'error',
      from: { path: '^src/fitting/worker\\.ts$' },
      to: { path: `${tensorflow}|^models/|^src/language/|node_modules/ml-matrix/`, reachable: true },
    },
    {
      name: 'worker-reaches-no-printer',
      comment:
        'a worker thread runs programs that were printed elsewhere: of the WebAssembly part it needs the host interface only',
      severity: 'error',
      from: { path: '^src/fitting/worker\\.ts$' },
      to: { path: '^src/engine/((compile[^/]*|tfjs|print-[^/]+)\\.ts$|webassembly/(?!host\\.ts$))', reachable: true },
    },
    never(
      'fitting-knows-one-model',
      '^src/fitting/',
      '^src/(stages|criticism|cross-validation|study)/',
      'what fits a model does not know what the fit is for',
    ),
    never(
      'stages-are-not-judged-here',
      '^src/stages/',
      '^src/(criticism|cross-validation|study)/',
      'the two stages run whoever checks or compares them',
    ),
    {
      name: 'roof-is-not-ground',
      comment:
        'files directly in src, and the folders that fit, criticise, pool and study, compose the others; of those only cli imports them',
      severity: 'error',
      from: {
        path: '^(src/[^/]+/|models/|diagnostics/)',
        pathNot: '^src/(cli|fitting|criticism|stages|cross-validation|study)/',
      },
      to: { path: roof },
    },
    {
      name: 'nobody-imports-the-command-line',
      comment: 'src/cli is an entry, not a library',
      severity: 'error',
      from: { path: '^(src|models|diagnostics)/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'no-cycles',
      comment: 'no circular imports; a cycle through a type-only import vanishes when compiled',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: typeOnly },
    },
    {
      name: 'everything-resolves',
      comment: 'an import that cannot be resolved escapes every rule above',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
