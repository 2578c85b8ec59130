import { openResultStore, resultsFolder } from '../../../main/generation/result-store.ts';
import { openResultsDatabase } from '../../../main/generation/results-database.ts';
import { exampleRecipe } from '../../fixtures/recipe.ts';

/** Keeps one picture after another, and prints each id once `keep` has promised that it is on disk. */
const dataFolder = process.argv[2] ?? '';
const store = openResultStore(resultsFolder(dataFolder), openResultsDatabase(dataFolder));
const edge = 128;
for (let seed = 0; ; seed++) {
  const rgba = Uint8Array.from({ length: edge * edge * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : (i * 31 + seed) % 256,
  );
  const recipe = { ...exampleRecipe, width: edge, height: edge, seed };
  const raster = { width: edge, height: edge, rgba };
  const { resultId } = await store.keep({ jobId: `job ${seed}`, recipe, raster, seconds: 1 });
  process.stdout.write(`${resultId} ${seed}\n`);
}
