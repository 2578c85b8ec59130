import { type ResultSummary, StudioError } from '../../preload/contract/index.ts';
import type { Rect } from '../engine/geometry/rect.ts';
import { layerMask } from '../engine/layers/layer-mask.ts';
import { type LayerRecord, layerRecord } from '../engine/layers/layer-record.ts';
import { maskTiles } from '../engine/mask/mask-changes.ts';
import type { SelectionMask } from '../engine/selection/selection-mask.ts';
import { colourFormat, maskFormat } from '../engine/tiles/tile.ts';
import { writeRegion } from '../engine/tiles/region.ts';
import { chosenResult, useGeneration } from '../generation/generation-store.ts';
import { fromModelColours } from '../generation/model-colours.ts';
import { resample } from '../generation/resample.ts';
import { announce, tell } from '../state/status-store.ts';
import { placeAboveActive } from '../state/document/place-above.ts';
import type { OpenDocument, Workspace } from './workspace.ts';

/** A layer's name from a prompt: its first words. */
function nameFrom(prompt: string): string {
  const words = prompt.trim().replaceAll(/\s+/g, ' ');
  if (words === '') return 'Generated';
  return words.length <= 32 ? words : `${words.slice(0, 32).replace(/\s\S*$/, '')}…`;
}

/**
 * Takes the chosen result into the picture: one undoable step that adds a generated layer, with its recipe, directly
 * above the active one.
 */
export async function acceptChosen(workspace: Workspace): Promise<void> {
  const { open, generator } = workspace;
  const summary = chosenResult(useGeneration.getState());
  if (!open || !summary) return;
  try {
    const mask = await generator.pictures.maskOf(summary);
    const place = { frame: generator.pictures.frameOf(summary), mask };
    const { name } = await addAsLayer(workspace, open, summary, place, 'Accept');
    generator.pictures.settle(summary.resultId, 'accepted');
    announce(`Accepted as layer ${name}.`);
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    tell({ level: 'bad', message: error.message, remedy: error.remedy });
  }
}

/** Where a result goes, and what of it shows: null for all. */
interface ResultPlace {
  readonly frame: Rect;
  readonly mask: SelectionMask | null;
}

/**
 * Adds a result as a generated layer directly above the active one, as one undoable step. What shows only in part is there
 * whole, under a mask that can be painted.
 *
 * @param verb of the step's name
 * @returns the layer
 * @throws StudioError when the result cannot be read back
 */
export async function addAsLayer(
  { generator }: Workspace,
  { session }: OpenDocument,
  summary: ResultSummary,
  { frame, mask }: ResultPlace,
  verb: string,
): Promise<LayerRecord> {
  const raster = await generator.pictures.raster(summary.resultId);
  const { format } = session.document;
  const pixels = fromModelColours(resample(raster, frame.width, frame.height), format);
  const place = placeAboveActive(session);
  const { depth } = format;
  const nothing = { format: colourFormat(depth), get: () => undefined };
  const layer = layerRecord({
    id: crypto.randomUUID(),
    kind: 'generated',
    name: nameFrom(summary.recipe.prompt),
    parent: place.parent,
    recipe: summary.recipe,
    ...(mask ? { mask: layerMask(0) } : {}),
  });
  session.record(`${verb} ${layer.name}`, [
    { type: 'layer-add', layer, ...place },
    { type: 'tiles', layerId: layer.id, tiles: writeRegion(nothing, frame, pixels) },
    ...(mask
      ? [{ type: 'mask-tiles' as const, layerId: layer.id, tiles: maskTiles(mask, maskFormat(depth)) }]
      : []),
  ]);
  session.chooseLayer(layer.id);
  return layer;
}

/** Puts the chosen picture aside; it stays in the gallery. */
export function rejectChosen(workspace: Workspace): void {
  const { chosenId } = useGeneration.getState();
  if (chosenId !== null) workspace.generator.pictures.settle(chosenId, 'rejected');
}

/** Looks at the next (1, older) or previous (-1, newer) picture of the strip. */
export function stepResult(workspace: Workspace, direction: 1 | -1): void {
  const { strip, chosenId } = useGeneration.getState();
  const results = strip.filter((item) => item.kind === 'result');
  if (results.length === 0) return;
  useGeneration.setState({ stripOpen: true });
  const at = results.findIndex((item) => item.id === chosenId);
  const next = results[at === -1 ? 0 : (at + direction + results.length) % results.length];
  void workspace.generator.pictures.choose(next?.id ?? null);
}

/** Folds the strip to a chip; nothing is discarded. */
export function foldStrip(workspace: Workspace): void {
  useGeneration.setState({ stripOpen: false });
  void workspace.generator.pictures.choose(null);
}

/** Opens the strip again, on the newest picture. */
export function unfoldStrip(workspace: Workspace): void {
  useGeneration.setState({ stripOpen: true, unseen: 0 });
  const first = useGeneration.getState().strip.find((item) => item.kind === 'result');
  void workspace.generator.pictures.choose(first?.id ?? null);
}
