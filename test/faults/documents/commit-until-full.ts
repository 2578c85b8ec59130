/** Child of disk-full.test.ts: commits strokes of noise until one fails, and says how that went. */
import { randomBytes } from 'node:crypto';
import { openDocument } from '../../../main/documents/document.ts';
import { StudioError, TILE_BYTES } from '../../../preload/contract/index.ts';

const [, , path = ''] = process.argv;
const document = openDocument(path);
const layerId = document.state().layers.at(-1)?.id ?? '';
let committed = 0;
try {
  for (; committed < 1000; committed++) {
    const data = new Uint8Array(randomBytes(TILE_BYTES));
    const tiles = [{ x: committed % 4, y: Math.floor(committed / 4) % 4, data }];
    document.commit(`Stroke ${committed + 1}`, [{ type: 'tiles', layerId, tiles }]);
  }
} catch (error) {
  if (!(error instanceof StudioError)) throw error;
  process.stdout.write(JSON.stringify({ code: error.code, message: error.message, committed }));
}
