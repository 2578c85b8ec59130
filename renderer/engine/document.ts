import type { Change, NoteKey } from './changes.ts';
import { addDifference, DocumentContent, type Damage } from './document-content.ts';
import type { DocumentFormat, FormatChange } from './document-format.ts';
import { EMPTY_RECT, grownRect, isEmptyRect, unionRect, type Rect } from './geometry/rect.ts';
import type { LayerRecord } from './layers/layer-record.ts';
import type { LayerOverlay, PlaneName } from './layers/layer.ts';
import type { LayerTree } from './layers/layer-tree.ts';
import { featherReach } from './mask/soft-mask.ts';
import { keepWithin, type Keeping, type TileBudget } from './tiles/keep-within.ts';
import type { TileMap } from './tiles/tile-map.ts';
import { tileRange } from './tiles/tile.ts';

/** What a listener is told after changes were applied or an overlay moved. */
export interface DocumentEvent {
  /** What was applied; empty when only an overlay (a stroke in progress) changed. */
  readonly changes: readonly Change[];
  /** Layers whose pixels, or whose mask's, look different, and where; a rectangle per tile or per dab. */
  readonly pixels: readonly { readonly layerId: string; readonly plane: PlaneName; readonly rect: Rect }[];
  /** What may look different now because layers came, went, moved or changed properties. */
  readonly structure: Rect | null;
}

type Listener = (event: DocumentEvent) => void;

interface Settling {
  readonly layerId: string;
  readonly plane: PlaneName;
}

/**
 * A picture in memory: canvas size, format, layer tree, pixels, and the notes kept with it. It changes only through `apply`, which returns how to
 * take the changes back; history, compositors and the journal are built on that and on `subscribe`.
 */
export class PaintDocument {
  readonly #content: DocumentContent;
  readonly #listeners = new Set<Listener>();
  /** Planes whose overlay goes away with the next changes. */
  #settling: Settling[] = [];

  /**
   * @param layers siblings bottom to top, a parent before its children, without pixels.
   * @param format 8-bit sRGB unless told.
   * @throws EngineError `invalid-size` when an edge is not 1..16384, or as `apply` does for a layer.
   */
  constructor(width: number, height: number, layers: readonly LayerRecord[] = [], format: FormatChange = {}) {
    this.#content = new DocumentContent(width, height, format);
    for (const layer of layers) {
      const index = this.layers.childrenOf(layer.parent).length;
      this.apply([{ type: 'layer-add', layer, parent: layer.parent, index }]);
    }
  }

  get width(): number {
    return this.canvas.width;
  }

  get height(): number {
    return this.canvas.height;
  }

  /** The canvas: what is shown and exported. Layers may reach beyond it. */
  get canvas(): Rect {
    return this.#content.canvas;
  }

  /** What its numbers mean. */
  get format(): DocumentFormat {
    return this.#content.format;
  }

  /** Layers and their order. Read only: change them through `apply`. */
  get layers(): Omit<LayerTree, 'add' | 'remove' | 'move'> {
    return this.#content.tree;
  }

  /** What is kept beside the picture under a key, or null. Do not write into it. */
  note(key: NoteKey): Uint8Array | null {
    return this.#content.notes.get(key) ?? null;
  }

  /** Bytes of all pixels of all layers. */
  get bytes(): number {
    let sum = 0;
    for (const layer of this.layers.all()) sum += layer.tiles.bytes + layer.mask.tiles.bytes;
    return sum;
  }

  /**
   * Lets pixels that nobody looked at for longest leave the memory, where they lie on a shelf, and says which of the others
   * are to be packed (`packAll`) so that all take no more than a budget. They are fetched or unpacked when somebody looks again.
   */
  keepWithin(budget: TileBudget): Keeping {
    return keepWithin(this.#tileMaps(), budget);
  }

  /** The tiles of every layer and of every mask. */
  *#tileMaps(): IterableIterator<TileMap> {
    for (const { tiles, mask } of this.layers.all()) {
      yield tiles;
      yield mask.tiles;
    }
  }

  /** Calls `listener` after every change; returns how to stop. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Applies changes in order, all or none.
   * @returns the changes that take them back, in the order to be applied. Pixels are shared, not copied.
   * @throws EngineError when one does not fit; the document is then as before.
   */
  apply(changes: readonly Change[]): Change[] {
    const damage: Damage = { pixels: [], structure: null };
    const inverse: Change[][] = [];
    const settling = (layerId: string, plane: PlaneName): LayerOverlay | null =>
      this.#settling.some((each) => each.layerId === layerId && each.plane === plane)
        ? (this.layers.find(layerId)?.plane(plane).overlay ?? null)
        : null;
    try {
      for (const change of changes) inverse.push(this.#content.apply(change, damage, settling));
    } catch (error) {
      for (const back of inverse.toReversed())
        for (const change of back) this.#content.apply(change, damage, settling);
      this.#finish([], damage);
      throw error;
    }
    this.#finish(changes, damage);
    return inverse.toReversed().flat();
  }

  /**
   * Lays unfinished pixels over a layer, or over its mask, or takes them off with null.
   * @throws EngineError `unknown-layer`.
   */
  setOverlay(layerId: string, overlay: LayerOverlay | null, plane: PlaneName = 'pixels'): void {
    const target = this.layers.get(layerId).plane(plane);
    const rect = unionRect(target.overlay?.bounds ?? EMPTY_RECT, overlay?.bounds ?? EMPTY_RECT);
    target.overlay = overlay;
    this.#settling = this.#settling.filter((each) => each.layerId !== layerId || each.plane !== plane);
    if (!isEmptyRect(rect)) this.touchOverlay(layerId, [rect], plane);
  }

  /**
   * Leaves a finished overlay in sight until the next changes are applied, which are expected to hold its pixels:
   * where they do, nothing looks different and nothing is drawn again.
   * @throws EngineError `unknown-layer`.
   */
  settleOverlay(layerId: string, plane: PlaneName = 'pixels'): void {
    if (this.layers.get(layerId).plane(plane).overlay) this.#settling.push({ layerId, plane });
  }

  /** Tells listeners that an overlay shows other pixels in these rectangles. */
  touchOverlay(layerId: string, rects: readonly Rect[], plane: PlaneName = 'pixels'): void {
    this.#notify({ changes: [], pixels: rects.map((rect) => ({ layerId, plane, rect })), structure: null });
  }

  /** Tells listeners that a view of the document, not the document, looks different. */
  touchView(): void {
    this.#notify({ changes: [], pixels: [], structure: null });
  }

  /** Takes settled overlays off and tells listeners. */
  #finish(changes: readonly Change[], damage: Damage): void {
    for (const { layerId, plane } of this.#settling) {
      const layer = this.layers.find(layerId);
      const target = layer?.plane(plane);
      const overlay = target?.overlay;
      if (!layer || !target || !overlay) continue;
      target.overlay = null;
      const empty = plane === 'mask' ? layer.maskOutside : 0;
      const range = tileRange(overlay.bounds);
      for (let ty = range.y0; ty < range.y1; ty++) {
        for (let tx = range.x0; tx < range.x1; tx++) {
          const shown = overlay.get(tx, ty);
          const now = target.tiles.get(tx, ty) ?? null;
          // A change of depth made everything look different already.
          if (!shown || shown.length !== target.format.tileBytes) continue;
          addDifference(damage, layerId, plane, tx, ty, shown, now, target.format, empty);
        }
      }
    }
    this.#settling = [];
    this.#notify({ changes, pixels: damage.pixels, structure: damage.structure });
  }

  #notify({ changes, pixels, structure }: DocumentEvent): void {
    const event: DocumentEvent = { changes, pixels: pixels.map((each) => this.#softened(each)), structure };
    for (const listener of this.#listeners) listener(event);
  }

  /** What of a soft mask looks different is more than what was changed of it. */
  #softened(damage: DocumentEvent['pixels'][number]): DocumentEvent['pixels'][number] {
    const layer = damage.plane === 'mask' ? this.layers.find(damage.layerId) : undefined;
    const reach = featherReach(layer?.record.mask?.feather ?? 0);
    if (!layer || reach === 0) return damage;
    layer.forgetSoftMask(damage.rect);
    return { ...damage, rect: grownRect(damage.rect, reach) };
  }
}
