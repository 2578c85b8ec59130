import { registerHooks } from 'node:module';

// Given to `node --import`: whoever imports `electron` gets the shim, and nobody loads the updater.
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'electron') {
      return { url: new URL('./electron.ts', import.meta.url).href, shortCircuit: true };
    }
    if (specifier === 'electron-updater') throw new Error('the updater was loaded although updates are off');
    return next(specifier, context);
  },
});
