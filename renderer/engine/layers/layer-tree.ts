import { EngineError } from '../error.ts';
import type { Layer } from './layer.ts';

/** Layers by id and their order, bottom to top among siblings. */
export class LayerTree {
  readonly #layers = new Map<string, Layer>();
  readonly #children = new Map<string | null, string[]>([[null, []]]);

  /** Layers held, groups included. */
  get size(): number {
    return this.#layers.size;
  }

  /** The layer, or undefined. */
  find(id: string): Layer | undefined {
    return this.#layers.get(id);
  }

  /**
   * The layer.
   * @throws EngineError `unknown-layer`.
   */
  get(id: string): Layer {
    const layer = this.#layers.get(id);
    if (!layer) throw new EngineError('unknown-layer', `The document has no layer "${id}".`);
    return layer;
  }

  /** Ids of a group's layers, or of the top level for null, bottom to top. */
  childrenOf(parent: string | null): readonly string[] {
    return this.#children.get(parent) ?? [];
  }

  /** The layer and everything in it, a parent before its children. */
  *subtree(id: string): IterableIterator<Layer> {
    yield this.get(id);
    for (const child of this.childrenOf(id)) yield* this.subtree(child);
  }

  /** Every layer, a parent before its children, siblings bottom to top. */
  *all(): IterableIterator<Layer> {
    for (const id of this.childrenOf(null)) yield* this.subtree(id);
  }

  /** Index among its siblings. */
  indexOf(id: string): number {
    return this.childrenOf(this.get(id).record.parent).indexOf(id);
  }

  /** True when `id` is `ancestor` or stands somewhere in it. */
  isWithin(id: string, ancestor: string): boolean {
    for (let at: string | null = id; at !== null; at = this.get(at).record.parent)
      if (at === ancestor) return true;
    return false;
  }

  /**
   * Puts a layer without children in.
   * @throws EngineError `duplicate-layer`, `invalid-parent`, `invalid-index`.
   */
  add(layer: Layer, parent: string | null, index: number): void {
    const id = layer.record.id;
    if (this.#layers.has(id))
      throw new EngineError('duplicate-layer', `The document already has a layer "${id}".`);
    const siblings = this.#siblings(parent);
    this.#checkIndex(index, siblings.length);
    layer.record = { ...layer.record, parent };
    this.#layers.set(id, layer);
    if (layer.record.kind === 'group') this.#children.set(id, []);
    siblings.splice(index, 0, id);
  }

  /**
   * Takes a layer out.
   * @throws EngineError `unknown-layer`, `invalid-parent` when layers still stand in it.
   */
  remove(id: string): Layer {
    const layer = this.get(id);
    if (this.childrenOf(id).length > 0) {
      throw new EngineError('invalid-parent', `The group "${layer.record.name}" still holds layers.`);
    }
    this.#siblings(layer.record.parent).splice(this.indexOf(id), 1);
    this.#layers.delete(id);
    this.#children.delete(id);
    return layer;
  }

  /**
   * Moves a layer, with all that stands in it; `index` counts the new siblings without the layer itself.
   * @throws EngineError `unknown-layer`, `invalid-parent` into itself or into no group, `invalid-index`.
   */
  move(id: string, parent: string | null, index: number): void {
    const layer = this.get(id);
    if (parent !== null && this.#layers.has(parent) && this.isWithin(parent, id)) {
      throw new EngineError(
        'invalid-parent',
        `The group "${layer.record.name}" cannot be moved into itself.`,
      );
    }
    const to = this.#siblings(parent);
    this.#checkIndex(index, layer.record.parent === parent ? to.length - 1 : to.length);
    this.#siblings(layer.record.parent).splice(this.indexOf(id), 1);
    to.splice(index, 0, id);
    layer.record = { ...layer.record, parent };
  }

  #siblings(parent: string | null): string[] {
    const siblings = this.#children.get(parent);
    if (!siblings) throw new EngineError('invalid-parent', `"${parent}" is not a group of this document.`);
    return siblings;
  }

  #checkIndex(index: number, length: number): void {
    if (!Number.isInteger(index) || index < 0 || index > length) {
      throw new EngineError('invalid-index', `There is no place ${index} among ${length} layers.`);
    }
  }
}
