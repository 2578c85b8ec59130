import type { FormatChange } from './document-format.ts';
import type { LayerProps, LayerRecord } from './layers/layer-record.ts';
import type { PlaneName } from './layers/layer.ts';
import type { TileChange } from './tiles/tile.ts';

/** What is kept with a document beside its picture: a document has one note of each kind at most. */
export const NOTE_KEYS = ['selection', 'saved-selections', 'aids'] as const;

/** One of them. */
export type NoteKey = (typeof NOTE_KEYS)[number];

/**
 * The smallest unit of editing. A transaction is a list of them, applied in order. `index` is the place among the
 * siblings of `parent`, 0 at the bottom, counted without the layer itself.
 *
 * `mask-tiles` are tiles of one channel (see tile.ts); null is a tile of the mask's outside value. A mask comes with
 * `layer-props` or `layer-add` and goes with `mask: null`, its tiles with it. `format` with another depth converts every
 * tile of the document (see convert-tile.ts). `note` replaces what is selected, the named selections, or guides, grid and
 * drawing rulers; null removes it. Its bytes are immutable and mean nothing to the document.
 */
export type Change =
  | { type: 'layer-add'; layer: LayerRecord; parent: string | null; index: number }
  | { type: 'layer-remove'; layerId: string }
  | { type: 'layer-move'; layerId: string; parent: string | null; index: number }
  | { type: 'layer-props'; layerId: string; props: LayerProps }
  | { type: 'tiles'; layerId: string; tiles: TileChange[] }
  | { type: 'mask-tiles'; layerId: string; tiles: TileChange[] }
  | { type: 'canvas'; width: number; height: number }
  | { type: 'format'; format: FormatChange }
  | { type: 'note'; key: NoteKey; bytes: Uint8Array | null };

/** A change of pixels, of either plane. */
export type PixelChange = Extract<Change, { tiles: TileChange[] }>;

/** True for a change of pixels. */
export function isPixelChange(change: Change): change is PixelChange {
  return change.type === 'tiles' || change.type === 'mask-tiles';
}

/** Which pixels a change is about. */
export function planeOf(change: PixelChange): PlaneName {
  return change.type === 'tiles' ? 'pixels' : 'mask';
}

/** A change of one plane's pixels. */
export function pixelChange(plane: PlaneName, layerId: string, tiles: TileChange[]): PixelChange {
  return { type: plane === 'pixels' ? 'tiles' : 'mask-tiles', layerId, tiles };
}

const RECORD_BYTES = 256;

/** Bytes that a list of changes keeps alive: pixels and notes exactly, everything else by a flat estimate. */
export function changesBytes(changes: readonly Change[]): number {
  let bytes = 0;
  for (const change of changes) {
    bytes += RECORD_BYTES;
    if (change.type === 'note') bytes += change.bytes?.byteLength ?? 0;
    if (isPixelChange(change)) for (const tile of change.tiles) bytes += tile.data?.byteLength ?? 0;
  }
  return bytes;
}
