// Lint holds the rules of the architecture: who may import whom, what the pure core may not touch, how queries are
// written. tests/integration/lint-rules.test.ts shows that each rule catches its defect.
import tseslint from 'typescript-eslint'
import { layersRule } from './scripts/lint/layers.mjs'

const TESTS = ['**/*.test.ts', '**/*.test.tsx', 'tests/**']

/** Whatever makes the same call give another answer tomorrow. */
const IMPURE_GLOBALS = [
  'process',
  'console',
  'performance',
  'crypto',
  'globalThis',
  'window',
  'document',
  'navigator',
  'location',
  'localStorage',
  'sessionStorage',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'Buffer',
  'require',
  'global',
].map((name) => ({ name, message: 'app/core is a calculator: the caller passes in what it needs.' }))

const IMPURE_SYNTAX = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'app/core reads no clock: the instant is given.',
  },
  { selector: "CallExpression[callee.name='Date']", message: 'app/core reads no clock: the instant is given.' },
  {
    selector: 'CallExpression[callee.property.name=/^toLocale/]',
    message: 'The answer would depend on the machine’s locale.',
  },
  {
    selector: "CallExpression[callee.property.name='localeCompare']",
    message: 'The answer would depend on the machine’s locale.',
  },
  {
    selector: 'CallExpression[callee.property.name=/^get(Timezone|Date|Day|Month|FullYear|Hours|Minutes|Seconds)/]',
    message: 'The answer would depend on the machine’s time zone: use the UTC one.',
  },
]

/** Drizzle's synchronous verbs. `Promise.all` and a `Map`'s `get(key)` are something else. */
const SYNCHRONOUS_QUERIES = [
  {
    selector: "CallExpression[callee.property.name='get'][arguments.length=0]",
    message: 'Queries are awaited, never .get(): it does not exist on PostgreSQL.',
  },
  {
    selector: "CallExpression[callee.property.name='get'][callee.object.type='CallExpression']",
    message: 'Queries are awaited, never .get(): it does not exist on PostgreSQL.',
  },
  {
    selector: "CallExpression[callee.property.name='all']:not([callee.object.name='Promise'])",
    message: 'Queries are awaited, never .all(): it does not exist on PostgreSQL.',
  },
  {
    selector: "CallExpression[callee.property.name='run']",
    message: 'Queries are awaited, never .run(): it does not exist on PostgreSQL.',
  },
]

export default tseslint.config(
  {
    ignores: [
      'node_modules/',
      'build/',
      'data/',
      'coverage/',
      '.cache/',
      'tests/.tmp/',
      'db/migrations/',
      'question-banks/',
      'public/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{js,mjs,ts,tsx}'],
    extends: [tseslint.configs.base],
    plugins: { poise: { rules: { layers: layersRule } } },
    rules: {
      'poise/layers': 'error',
      eqeqeq: ['error', 'always'],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-debugger': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-console': 'error',
      'no-restricted-imports': [
        'error',
        {
          paths: ['node', 'react', 'express', 'server-runtime'].map((name) => ({
            name: `@remix-run/${name}`,
            importNames: ['data'],
            message: 'Single fetch is off: data() would not be understood. Use json().',
          })),
        },
      ],
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      // Without checkThenables an unawaited Drizzle query passes, and never runs.
      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        {
          argsIgnorePattern: '^_',
          varsIgnorePattern: '^_',
          destructuredArrayIgnorePattern: '^_',
          caughtErrorsIgnorePattern: '^_',
        },
      ],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false, arguments: false, properties: false } },
      ],
      // An async function without await is how a synchronous thing keeps an asynchronous contract.
      '@typescript-eslint/require-await': 'off',
      // Remix throws responses.
      '@typescript-eslint/only-throw-error': 'off',
      // Our interfaces are records of closures; none of them knows a `this`.
      '@typescript-eslint/unbound-method': 'off',
      // An interface that only extends is how a module's types are augmented.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    },
  },
  {
    files: ['app/core/**/*.{ts,tsx}'],
    ignores: TESTS,
    rules: {
      'no-restricted-globals': ['error', ...IMPURE_GLOBALS],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'app/core draws from a seed that is given.' },
        { object: 'Date', property: 'now', message: 'app/core reads no clock: the instant is given.' },
      ],
      'no-restricted-syntax': ['error', ...IMPURE_SYNTAX],
    },
  },
  {
    // Such a page does not know the rooms of staff (app/areas/manifest.ts): a plain link loads them.
    files: [
      'app/root.tsx',
      'app/areas/candidate.tsx',
      'app/routes/{public,candidate}/**/*.tsx',
      'app/ui/player/**/*.tsx',
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'JSXOpeningElement[name.name=/^(Link|NavLink|Form)$/] Literal[value=/^.(interviewer|trainer|admin)\\b/]',
          message: 'This page does not know the rooms of staff: use <a> or <form>, which load a page.',
        },
      ],
    },
  },
  {
    files: ['db/repositories/**/*.ts', 'db/queries/**/*.ts'],
    ignores: TESTS,
    rules: { 'no-restricted-syntax': ['error', ...SYNCHRONOUS_QUERIES] },
  },
  {
    // Programs that talk to a terminal, and the two places that speak before there is a log.
    files: ['scripts/**', 'app/server/main.server.ts', 'db/store.server.ts', 'tests/bench/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: TESTS,
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
    },
  },
)
