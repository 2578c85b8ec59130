import type { Change } from './changes.ts';
import { EngineError } from './error.ts';
import { EMPTY_RECT, isEmptyRect, unionRect, type Rect } from './geometry/rect.ts';
import { checkLayerProps, type LayerProps, type LayerRecord } from './layers/layer-record.ts';
import { Layer, type LayerOverlay } from './layers/layer.ts';
import { LayerTree } from './layers/layer-tree.ts';
import { tileDifference } from './tiles/difference.ts';
import { alignedTile, checkTileChange, TILE_SIZE, tileRange, type TileChange } from './tiles/tile.ts';

/** Longest canvas edge in pixels. */
const MAX_CANVAS_EDGE = 16384;

/** What a listener is told after changes were applied or an overlay moved. */
export interface DocumentEvent {
  /** What was applied; empty when only an overlay (a stroke in progress) changed. */
  readonly changes: readonly Change[];
  /** Layers whose pixels look different, and where; a rectangle per tile or per dab. */
  readonly pixels: readonly { readonly layerId: string; readonly rect: Rect }[];
  /** What may look different now because layers came, went, moved or changed properties. */
  readonly structure: Rect | null;
}

/** What a list of changes makes look different. */
interface Damage {
  readonly pixels: { layerId: string; rect: Rect }[];
  structure: Rect | null;
}

type Listener = (event: DocumentEvent) => void;

function checkCanvas(width: number, height: number): void {
  for (const edge of [width, height]) {
    if (!Number.isInteger(edge) || edge < 1 || edge > MAX_CANVAS_EDGE) {
      throw new EngineError(
        'invalid-size',
        `A canvas of ${width} × ${height} pixels is not possible; edges go from 1 to ${MAX_CANVAS_EDGE}.`,
      );
    }
  }
}

/**
 * A picture in memory: canvas size, layer tree, pixels. It changes only through `apply`, which returns how to take the
 * changes back; history, compositors and the journal are built on that and on `subscribe`.
 */
export class PaintDocument {
  #width: number;
  #height: number;
  readonly #tree = new LayerTree();
  readonly #listeners = new Set<Listener>();
  /** Layers whose overlay goes away with the next changes. */
  readonly #settling = new Set<string>();

  /**
   * @param layers siblings bottom to top, a parent before its children, without pixels.
   * @throws EngineError `invalid-size` when an edge is not 1..16384, or as `apply` does for a layer.
   */
  constructor(width: number, height: number, layers: readonly LayerRecord[] = []) {
    checkCanvas(width, height);
    this.#width = width;
    this.#height = height;
    for (const layer of layers) {
      const index = this.#tree.childrenOf(layer.parent).length;
      this.apply([{ type: 'layer-add', layer, parent: layer.parent, index }]);
    }
  }

  get width(): number {
    return this.#width;
  }

  get height(): number {
    return this.#height;
  }

  /** The canvas: what is shown and exported. Layers may reach beyond it. */
  get canvas(): Rect {
    return { x: 0, y: 0, width: this.#width, height: this.#height };
  }

  /** Layers and their order. Read only: change them through `apply`. */
  get layers(): Omit<LayerTree, 'add' | 'remove' | 'move'> {
    return this.#tree;
  }

  /** Bytes of all pixels of all layers. */
  get bytes(): number {
    let sum = 0;
    for (const layer of this.#tree.all()) sum += layer.tiles.bytes;
    return sum;
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
    try {
      for (const change of changes) inverse.push(this.#applyOne(change, damage));
    } catch (error) {
      for (const back of inverse.toReversed()) for (const change of back) this.#applyOne(change, damage);
      this.#finish([], damage);
      throw error;
    }
    this.#finish(changes, damage);
    return inverse.toReversed().flat();
  }

  /**
   * Lays unfinished pixels over a layer, or takes them off with null.
   * @throws EngineError `unknown-layer`.
   */
  setOverlay(layerId: string, overlay: LayerOverlay | null): void {
    const layer = this.#tree.get(layerId);
    const rect = unionRect(layer.overlay?.bounds ?? EMPTY_RECT, overlay?.bounds ?? EMPTY_RECT);
    layer.overlay = overlay;
    this.#settling.delete(layerId);
    if (!isEmptyRect(rect)) this.touchOverlay(layerId, [rect]);
  }

  /**
   * Leaves a finished overlay in sight until the next changes are applied, which are expected to hold its pixels:
   * where they do, nothing looks different and nothing is drawn again.
   * @throws EngineError `unknown-layer`.
   */
  settleOverlay(layerId: string): void {
    if (this.#tree.get(layerId).overlay) this.#settling.add(layerId);
  }

  /** Tells listeners that a layer's overlay shows other pixels in these rectangles. */
  touchOverlay(layerId: string, rects: readonly Rect[]): void {
    this.#notify({ changes: [], pixels: rects.map((rect) => ({ layerId, rect })), structure: null });
  }

  /** Takes settled overlays off and tells listeners. */
  #finish(changes: readonly Change[], damage: Damage): void {
    const { pixels } = damage;
    for (const layerId of this.#settling) {
      const layer = this.#tree.find(layerId);
      const overlay = layer?.overlay;
      if (!layer || !overlay) continue;
      layer.overlay = null;
      const range = tileRange(overlay.bounds);
      for (let ty = range.y0; ty < range.y1; ty++) {
        for (let tx = range.x0; tx < range.x1; tx++) {
          const shown = overlay.get(tx, ty);
          if (shown) addDifference(pixels, layerId, tx, ty, shown, layer.tiles.get(tx, ty) ?? null);
        }
      }
    }
    this.#settling.clear();
    this.#notify({ changes, pixels, structure: damage.structure });
  }

  #notify(event: DocumentEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #boundsOf(id: string): Rect {
    let rect = EMPTY_RECT;
    for (const layer of this.#tree.subtree(id)) {
      rect = unionRect(rect, unionRect(layer.tiles.bounds(), layer.overlay?.bounds ?? EMPTY_RECT));
    }
    return rect;
  }

  /** Where a layer's coming or going shows: beyond its own pixels when layers above are clipped to it. */
  #reachOf(id: string): Rect {
    const siblings = this.#tree.childrenOf(this.#tree.get(id).record.parent);
    const above = siblings[siblings.indexOf(id) + 1];
    return above !== undefined && this.#tree.get(above).record.clipped ? this.canvas : this.#boundsOf(id);
  }

  #applyOne(change: Change, damage: Damage): Change[] {
    const touch = (rect: Rect): void => {
      damage.structure = unionRect(damage.structure ?? EMPTY_RECT, rect);
    };
    switch (change.type) {
      case 'layer-add':
        checkLayerProps(change.layer);
        this.#tree.add(new Layer(change.layer), change.parent, change.index);
        touch(this.#reachOf(change.layer.id));
        return [{ type: 'layer-remove', layerId: change.layer.id }];
      case 'layer-remove':
        touch(this.#reachOf(change.layerId));
        return this.#removeLayer(change.layerId);
      case 'layer-move': {
        const parent = this.#tree.get(change.layerId).record.parent;
        const index = this.#tree.indexOf(change.layerId);
        this.#tree.move(change.layerId, change.parent, change.index);
        // Moving a clipping base changes what its neighbours show, so everything is looked at again.
        touch(this.canvas);
        return [{ type: 'layer-move', layerId: change.layerId, parent, index }];
      }
      case 'layer-props':
        return this.#changeProps(change.layerId, change.props, touch);
      case 'tiles':
        return this.#replaceTiles(change.layerId, change.tiles, damage);
      case 'canvas': {
        checkCanvas(change.width, change.height);
        const before: Change = { type: 'canvas', width: this.#width, height: this.#height };
        touch(this.canvas);
        this.#width = change.width;
        this.#height = change.height;
        touch(this.canvas);
        return [before];
      }
    }
  }

  #removeLayer(id: string): Change[] {
    const back: Change[] = [];
    for (const layer of this.#tree.subtree(id)) {
      const layerId = layer.record.id;
      const { parent } = layer.record;
      back.push({ type: 'layer-add', layer: layer.record, parent, index: this.#tree.indexOf(layerId) });
      if (layer.tiles.size > 0) back.push({ type: 'tiles', layerId, tiles: [...layer.tiles.entries()] });
    }
    for (const layer of [...this.#tree.subtree(id)].toReversed()) this.#tree.remove(layer.record.id);
    return back;
  }

  #changeProps(layerId: string, props: LayerProps, touch: (rect: Rect) => void): Change[] {
    checkLayerProps(props);
    const layer = this.#tree.get(layerId);
    const given = Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
    const before: LayerProps = Object.fromEntries(
      // An absent recipe goes back as null: undefined would mean "leave it".
      Object.keys(given).map((key) => [key, layer.record[key as keyof LayerRecord] ?? null]),
    );
    layer.record = { ...layer.record, ...given };
    if ('clipped' in given) touch(this.canvas);
    else if ('visible' in given || 'opacity' in given || 'blend' in given) touch(this.#boundsOf(layerId));
    return [{ type: 'layer-props', layerId, props: before }];
  }

  #replaceTiles(layerId: string, tiles: readonly TileChange[], damage: Damage): Change[] {
    const layer = this.#tree.get(layerId);
    if (layer.record.kind === 'group' && tiles.length > 0) {
      throw new EngineError(
        'layer-not-paintable',
        `The group "${layer.record.name}" has no pixels of its own.`,
      );
    }
    for (const tile of tiles) checkTileChange(tile);
    const settling = this.#settling.has(layerId) ? layer.overlay : null;
    const before = tiles.map(({ x, y, data: given }) => {
      const data = given && alignedTile(given);
      const old = layer.tiles.replace(x, y, data);
      // A settling overlay's own tiles are compared with it when it is taken off.
      if (!settling?.get(x, y)) addDifference(damage.pixels, layerId, x, y, old, data);
      return { x, y, data: old };
    });
    // The same tile may stand twice in one change; going back in reverse order restores the first state.
    return [{ type: 'tiles', layerId, tiles: before.toReversed() }];
  }
}

function addDifference(
  pixels: Damage['pixels'],
  layerId: string,
  tx: number,
  ty: number,
  before: Uint8Array | null,
  after: Uint8Array | null,
): void {
  const rect = tileDifference(before, after);
  if (isEmptyRect(rect)) return;
  pixels.push({ layerId, rect: { ...rect, x: rect.x + tx * TILE_SIZE, y: rect.y + ty * TILE_SIZE } });
}
