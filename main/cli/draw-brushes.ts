import { BRUSH_PRESETS } from '../../renderer/engine/brush/presets.ts';
import { StudioError } from '../../preload/contract/index.ts';
import { contactSheet } from '../brushes/draw-preview.ts';
import { readImportedBrushes } from '../brushes/read-imported.ts';
import { checkOutput, writeOutput } from './output-file.ts';
import type { Outcome } from './run-action.ts';

/** Most brushes on one sheet. */
const MOST = 200;

/** Paints brushes as strokes into a PNG file. @throws StudioError */
export async function drawBrushes(
  file: string | undefined,
  out: string,
  signal: AbortSignal,
): Promise<Outcome> {
  await checkOutput(out);
  const found =
    file === undefined
      ? BRUSH_PRESETS.map((brush) => ({ brush, notes: [] as readonly string[] }))
      : (await readImportedBrushes(file)).brushes;
  const shown = found.slice(0, MOST);
  const sheet = await contactSheet(
    shown.map(({ brush }) => brush),
    () => {
      if (signal.aborted) throw new StudioError('cli/stopped', 'Stopped. Nothing was written.', '');
    },
  );
  await writeOutput(out, sheet);
  const left = found.length - shown.length;
  const notes = shown.flatMap(({ brush, notes: each }) => each.map((note) => `${brush.name}: ${note}`));
  const text = `${out}: ${shown.length} ${shown.length === 1 ? 'brush' : 'brushes'}${left > 0 ? `, ${left} more are not on it` : ''}`;
  return {
    text: [text, ...notes].join('\n'),
    json: { out, brushes: shown.map(({ brush, notes: each }) => ({ name: brush.name, notes: each })), left },
  };
}
