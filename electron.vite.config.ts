import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const here = (path: string): string => resolve(import.meta.dirname, path);

/**
 * One build for both hosts. `main` holds every Node process (Electron host, headless host, command
 * line, inference worker, device probe) as an entry of its own, so that each can be spawned by file.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      minify: false,
      sourcemap: true,
      rollupOptions: {
        input: {
          desktop: here('main/desktop/main.ts'),
          server: here('main/server/main.ts'),
          start: here('main/cli/start.ts'),
          impasto: here('main/cli/impasto.ts'),
          worker: here('main/inference/worker/main.ts'),
          probe: here('main/inference/devices/probe-main.ts'),
          converter: here('main/documents/exchange/converter/main.ts'),
          trainer: here('main/training/worker/main.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: {
        input: { index: here('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: here('renderer'),
    plugins: [react()],
    build: {
      outDir: here('out/renderer'),
      minify: true,
      // Kilobytes. The page comes from this machine: one large file opens sooner than many small ones, and a warning at every
      // installation would have no remedy.
      chunkSizeWarningLimit: 2048,
      rollupOptions: { input: here('renderer/index.html') },
    },
  },
});
