import {
  isPixelChange,
  pixelChange,
  planeOf,
  type Change,
  type NoteKey,
  type PixelChange,
} from './changes.ts';
import { checkFormat, DEFAULT_FORMAT, type DocumentFormat, type FormatChange } from './document-format.ts';
import { EngineError } from './error.ts';
import { EMPTY_RECT, isEmptyRect, unionRect, type Rect } from './geometry/rect.ts';
import {
  checkLayerKind,
  checkLayerProps,
  holdsPixels,
  type LayerProps,
  type LayerRecord,
} from './layers/layer-record.ts';
import { Layer, type LayerOverlay, type PlaneName } from './layers/layer.ts';
import { LayerTree } from './layers/layer-tree.ts';
import { tileDifference } from './tiles/difference.ts';
import {
  alignedTile,
  checkTileChange,
  colourFormat,
  maskFormat,
  TILE_SIZE,
  type PixelFormat,
} from './tiles/tile.ts';

/** Longest canvas edge in pixels. */
const MAX_CANVAS_EDGE = 16384;

/** What a list of changes makes look different. */
export interface Damage {
  readonly pixels: { layerId: string; plane: PlaneName; rect: Rect }[];
  structure: Rect | null;
}

/** The properties of a layer that are seen in the picture. */
const SEEN: readonly (keyof LayerProps)[] = [
  'visible',
  'opacity',
  'fillOpacity',
  'blend',
  'mask',
  'fill',
  'adjustment',
];

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

/** What a document holds, and how one change alters it. `PaintDocument` makes transactions and events of that. */
export class DocumentContent {
  readonly tree = new LayerTree();
  readonly notes = new Map<NoteKey, Uint8Array>();
  #width: number;
  #height: number;
  #format: DocumentFormat;

  /** @throws EngineError `invalid-size`, `invalid-value`. */
  constructor(width: number, height: number, format: FormatChange) {
    checkCanvas(width, height);
    checkFormat(format);
    this.#width = width;
    this.#height = height;
    this.#format = withFormat(DEFAULT_FORMAT, format);
  }

  get canvas(): Rect {
    return { x: 0, y: 0, width: this.#width, height: this.#height };
  }

  get format(): DocumentFormat {
    return this.#format;
  }

  /**
   * Applies a change and adds what looks different to `damage`.
   * @param settling the overlay of a plane that goes away after these changes: its tiles are compared later.
   * @returns what takes the change back.
   * @throws EngineError when it does not fit; nothing is changed then.
   */
  apply(
    change: Change,
    damage: Damage,
    settling: (layerId: string, plane: PlaneName) => LayerOverlay | null,
  ): Change[] {
    if (isPixelChange(change)) {
      return this.#replaceTiles(change, damage, settling(change.layerId, planeOf(change)));
    }
    const touch = (rect: Rect): void => {
      damage.structure = unionRect(damage.structure ?? EMPTY_RECT, rect);
    };
    switch (change.type) {
      case 'layer-add':
        checkLayerProps(change.layer);
        checkLayerKind(change.layer);
        this.tree.add(new Layer(change.layer, this.#format.depth), change.parent, change.index);
        touch(this.#reachOf(change.layer.id));
        return [{ type: 'layer-remove', layerId: change.layer.id }];
      case 'layer-remove':
        touch(this.#reachOf(change.layerId));
        return this.#removeLayer(change.layerId);
      case 'layer-move': {
        const parent = this.tree.get(change.layerId).record.parent;
        const index = this.tree.indexOf(change.layerId);
        this.tree.move(change.layerId, change.parent, change.index);
        // Moving a clipping base changes what its neighbours show, so everything is looked at again.
        touch(this.canvas);
        return [{ type: 'layer-move', layerId: change.layerId, parent, index }];
      }
      case 'layer-props':
        return this.#changeProps(change.layerId, change.props, touch);
      case 'canvas': {
        checkCanvas(change.width, change.height);
        const before: Change = { type: 'canvas', width: this.#width, height: this.#height };
        touch(this.canvas);
        this.#width = change.width;
        this.#height = change.height;
        touch(this.canvas);
        return [before];
      }
      case 'format':
        touch(this.canvas);
        return this.#changeFormat(change.format);
      case 'note': {
        const bytes = this.notes.get(change.key) ?? null;
        if (change.bytes) this.notes.set(change.key, change.bytes);
        else this.notes.delete(change.key);
        return [{ type: 'note', key: change.key, bytes }];
      }
    }
  }

  #boundsOf(id: string): Rect {
    let rect = EMPTY_RECT;
    for (const layer of this.tree.subtree(id)) {
      const { kind } = layer.record;
      if (kind === 'fill' || kind === 'adjustment') return this.canvas;
      rect = unionRect(rect, unionRect(layer.tiles.bounds(), layer.overlay?.bounds ?? EMPTY_RECT));
    }
    return rect;
  }

  /** Where a layer's coming or going shows: beyond its own pixels when layers above are clipped to it. */
  #reachOf(id: string): Rect {
    const siblings = this.tree.childrenOf(this.tree.get(id).record.parent);
    const above = siblings[siblings.indexOf(id) + 1];
    return above !== undefined && this.tree.get(above).record.clipped ? this.canvas : this.#boundsOf(id);
  }

  #removeLayer(id: string): Change[] {
    const back: Change[] = [];
    for (const layer of this.tree.subtree(id)) {
      const layerId = layer.record.id;
      const { parent } = layer.record;
      back.push({ type: 'layer-add', layer: layer.record, parent, index: this.tree.indexOf(layerId) });
      back.push(...tilesOf(layer, 'pixels'), ...tilesOf(layer, 'mask'));
    }
    for (const layer of [...this.tree.subtree(id)].toReversed()) this.tree.remove(layer.record.id);
    return back;
  }

  #changeProps(layerId: string, props: LayerProps, touch: (rect: Rect) => void): Change[] {
    checkLayerProps(props);
    const layer = this.tree.get(layerId);
    const given = Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
    const before: LayerProps = Object.fromEntries(
      // An absent recipe goes back as null: undefined would mean "leave it".
      Object.keys(given).map((key) => [key, layer.record[key as keyof LayerRecord] ?? null]),
    );
    const next = { ...layer.record, ...given };
    checkLayerKind(next);
    const back: Change[] = [{ type: 'layer-props', layerId, props: before }];
    if (next.mask === null) {
      back.push(...tilesOf(layer, 'mask'));
      layer.mask.tiles.clear();
      layer.forgetSoftMask();
    }
    layer.record = next;
    if ('clipped' in given) touch(this.canvas);
    else if (SEEN.some((key) => key in given)) touch(this.#boundsOf(layerId));
    return back;
  }

  #replaceTiles(change: PixelChange, damage: Damage, settling: LayerOverlay | null): Change[] {
    const { layerId, tiles } = change;
    const plane = planeOf(change);
    const layer = this.tree.get(layerId);
    checkPlane(layer, plane, tiles.length);
    const { tiles: map } = layer.plane(plane);
    const { format } = map;
    for (const tile of tiles) checkTileChange(tile, format);
    const empty = plane === 'mask' ? layer.maskOutside : 0;
    const before = tiles.map(({ x, y, data: given }) => {
      const data = given && alignedTile(given);
      const old = map.replace(x, y, data);
      // A settling overlay's own tiles are compared with it when it is taken off.
      if (!settling?.get(x, y)) addDifference(damage, layerId, plane, x, y, old, data, format, empty);
      return { x, y, data: old };
    });
    // The same tile may stand twice in one change; going back in reverse order restores the first state.
    return [pixelChange(plane, layerId, before.toReversed())];
  }

  #changeFormat(change: FormatChange): Change[] {
    checkFormat(change);
    const before = this.#format;
    this.#format = withFormat(before, change);
    const back: Change[] = [{ type: 'format', format: before }];
    const { depth } = this.#format;
    if (depth === before.depth) return back;
    for (const layer of this.tree.all()) {
      // From 16 bits something is lost, so the way back brings the pixels themselves.
      if (before.depth > depth) back.push(...tilesOf(layer, 'pixels'), ...tilesOf(layer, 'mask'));
      layer.pixels.tiles.convert(colourFormat(depth));
      layer.mask.tiles.convert(maskFormat(depth));
    }
    return back;
  }
}

function withFormat(format: DocumentFormat, change: FormatChange): DocumentFormat {
  return {
    depth: change.depth ?? format.depth,
    colourSpace: change.colourSpace ?? format.colourSpace,
    profile: change.profile === undefined ? format.profile : change.profile,
  };
}

/** The change that puts a plane's tiles back, or none when it has none. */
function tilesOf(layer: Layer, plane: PlaneName): Change[] {
  const { tiles } = layer.plane(plane);
  return tiles.size > 0 ? [pixelChange(plane, layer.record.id, tiles.toChanges())] : [];
}

function checkPlane({ record }: Layer, plane: PlaneName, count: number): void {
  if (count === 0) return;
  if (plane === 'pixels' && !holdsPixels(record.kind)) {
    throw new EngineError(
      'layer-not-paintable',
      `"${record.name}" is a layer of kind ${record.kind} and has no pixels of its own.`,
    );
  }
  if (plane === 'mask' && record.mask === null)
    throw new EngineError('no-mask', `"${record.name}" has no mask.`);
}

/** Adds where two tiles differ. @param empty value of every channel where there is no tile. */
export function addDifference(
  damage: Damage,
  layerId: string,
  plane: PlaneName,
  tx: number,
  ty: number,
  before: Uint8Array | null,
  after: Uint8Array | null,
  format: PixelFormat,
  empty: number,
): void {
  const rect = tileDifference(before, after, format, empty);
  if (isEmptyRect(rect)) return;
  damage.pixels.push({
    layerId,
    plane,
    rect: { ...rect, x: rect.x + tx * TILE_SIZE, y: rect.y + ty * TILE_SIZE },
  });
}
