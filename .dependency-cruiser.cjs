/** The house rules of README "House": who may import whom. */
const room = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    room('no-cycles', 'An import cycle hides which file comes first.', {}, { circular: true }),
    room(
      'contract-imports-only-zod',
      'What crosses the boundary depends on nothing but its schemas.',
      { path: '^preload/contract/' },
      { pathNot: '^preload/contract/|(^|/)node_modules/zod/' },
    ),
    room(
      'native-models-stand-alone',
      'What models are knows neither studio nor page.',
      { path: '^native-models/' },
      { path: '^(main|renderer|preload|test)/' },
    ),
    room(
      'engine-is-given-everything',
      'The engine runs in a page, in Node and in tests alike.',
      { path: '^renderer/engine/' },
      {
        path: '^(main|preload|native-models|test)/|^renderer/(?!engine/)|node_modules/(react|zustand|electron)',
      },
    ),
    room(
      'engine-has-no-node',
      'No file system in the engine.',
      { path: '^renderer/engine/' },
      { dependencyTypes: ['core'] },
    ),
    room(
      'inference-is-hermetic',
      'The worker knows models and its own folder.',
      { path: '^main/inference/' },
      { path: '^(renderer|preload|main/(?!inference/))|node_modules/electron' },
    ),
    room(
      'electron-only-in-desktop',
      'Only the desktop host and the preload know Electron.',
      { path: '^(main/(?!desktop/)|renderer|native-models)' },
      { path: '^(node_modules/)?electron(/|$)' },
    ),
    room(
      'http-only-in-server',
      'Only the headless host opens a port.',
      { path: '^main/(?!server/)' },
      { path: '^(http|https|net|http2|node:http|node:net|node:https)$' },
    ),
    room('page-has-no-node', 'The page is sandboxed.', { path: '^renderer/' }, { dependencyTypes: ['core'] }),
    room(
      'page-does-not-reach-main',
      'The page talks through the contract.',
      { path: '^renderer/' },
      { path: '^(main|native-models)/' },
    ),
    room(
      'no-unlisted',
      'Every import stands in package.json.',
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    ),
    room(
      'shipped-code-uses-dependencies',
      'The packaged studio has no dev dependencies, but for what the page bundles.',
      { path: '^(main|native-models|preload)/' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/electron' },
    ),
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    exclude: { path: '^(out|dist)/|native-models/onnx/schema/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.d.ts', '.cjs', '.mjs', '.json'],
    },
  },
};
