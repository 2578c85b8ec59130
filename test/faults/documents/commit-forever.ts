/**
 * Child of kill.test.ts: opens the document named on the command line and commits strokes until it is killed,
 * saying each one's seq on standard output only after `commit` has returned.
 */
import { writeSync } from 'node:fs';
import { openDocument } from '../../../main/documents/document.ts';
import { TILE_BYTES } from '../../../preload/contract/index.ts';

const [, , path = ''] = process.argv;
const document = openDocument(path);
const layer = document.state().layers.at(-1);
if (!layer) throw new Error('the document has no layer');

for (;;) {
  const next = document.state().head + 1;
  const data = new Uint8Array(TILE_BYTES).fill(next % 256);
  new DataView(data.buffer).setUint32(0, next);
  const tiles = [
    { x: next % 4, y: 0, data },
    { x: 0, y: 1, data },
  ];
  const step = document.commit(`Stroke ${next}`, [{ type: 'tiles', layerId: layer.id, tiles }]);
  writeSync(1, `${step.seq}\n`);
}
