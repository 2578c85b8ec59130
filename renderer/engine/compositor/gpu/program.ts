import { EngineError } from '../../error.ts';
import type { Layer } from '../../layers/layer.ts';
import type { PlanMask } from '../mask-block.ts';
import type { PlanItem, PlanList } from '../plan.ts';
import { encodeAdjustment } from './encode-adjustment.ts';
import { encodeFill } from './encode-fill.ts';
import type { ShaderNeeds } from './shader-needs.ts';

/** Operations of the compositing program; the shader switches on the same numbers. */
export const OP = {
  /** Push transparent black. */
  clear: 0,
  /** Push a copy of the top. */
  copy: 1,
  /** Push a layer's pixel. */
  tile: 2,
  /** Push a fill's pixel. */
  fill: 3,
  /** Push the top's colour after an adjustment, opaque. */
  adjust: 4,
  /** Pop a source and composite it over the new top. */
  over: 5,
  /** Pop a source and clip it to the new top. */
  clip: 6,
  /** Pop a result and mix it into the new top by opacity. */
  mix: 7,
  /** Composite a layer's pixel over the top. */
  tileOver: 8,
} as const;

/** Deepest stack that the shader holds. */
export const STACK_DEPTH = 12;

/** No tile, no mask. */
export const NONE = 0xffffffff;

/**
 * 32-bit words of one instruction: operation, source (a layer's number, or a place in `data`), mode, opacity; fill
 * opacity, the mask's number, its density, its outside value. Opacities, density and outside are the bits of a float.
 */
const WORDS = 8;

/** The instructions of one item by their numbers, so that those of a block in which it has nothing can be left out. */
export interface Span {
  readonly item: PlanItem;
  /** What lays the item's pixels on the stack, or begins its group. */
  readonly head: number;
  /** What stands in its group; null where it is none. */
  readonly inner: readonly Span[] | null;
  readonly clips: readonly Span[];
  /** What takes it from the stack again; null where the head is all there is. */
  readonly tail: number | null;
}

/** A document's layers as a program for one pixel, and what it reads. */
export interface CompositeProgram {
  readonly code: Uint32Array<ArrayBuffer>;
  /** Bottom to top. */
  readonly spans: readonly Span[];
  readonly needs: ShaderNeeds;
  /** Layers whose tiles it reads, in the order it names them. */
  readonly layers: readonly Layer[];
  /** Layers whose masks it reads, in the order it names them. */
  readonly masks: readonly Layer[];
  /** Parameters of fills and adjustments. */
  readonly data: Float32Array<ArrayBuffer>;
}

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

function bitsOf(value: number): number {
  float[0] = value;
  return bits[0] ?? 0;
}

/** Writes instructions one after another. */
class ProgramWriter {
  readonly #code: number[] = [];
  readonly #data: number[] = [];
  readonly #layers: Layer[] = [];
  readonly #masks: Layer[] = [];
  readonly #ops = new Set<number>();
  readonly #modes = new Set<number>();
  readonly #adjusts = new Set<number>();
  #weakens = false;
  #depth = 1;

  list({ items }: PlanList): Span[] {
    return items.map((item) => this.#item(item));
  }

  finish(spans: readonly Span[]): CompositeProgram {
    return {
      code: Uint32Array.from(this.#code),
      spans,
      needs: {
        ops: this.#ops,
        modes: this.#modes,
        adjusts: this.#adjusts,
        weakens: this.#weakens,
        masks: this.#masks.length > 0,
      },
      layers: this.#layers,
      masks: this.#masks,
      data: Float32Array.from(this.#data.length > 0 ? this.#data : [0]),
    };
  }

  #item(item: PlanItem): Span {
    const { node, clips } = item;
    if (node.kind === 'pixels' && clips.length === 0) {
      const head = this.#emit(OP.tileOver, this.#layer(node.layer), item);
      return { item, head, inner: null, clips: [], tail: null };
    }
    if (node.kind === 'through') {
      const head = this.#emit(OP.copy);
      const inner = this.list(node.list);
      return { item, head, inner, clips: [], tail: this.#emit(OP.mix, 0, item) };
    }
    const source = this.#source(item);
    const clipped = clips.map((clip) => {
      const from = this.#source(clip);
      return { item: clip, ...from, clips: [], tail: this.#emit(OP.clip, 0, clip) };
    });
    const tail = this.#emit(node.kind === 'adjust' ? OP.clip : OP.over, 0, item);
    return { item, ...source, clips: clipped, tail };
  }

  #source({ node }: PlanItem): Pick<Span, 'head' | 'inner'> {
    switch (node.kind) {
      case 'pixels':
        return { head: this.#emit(OP.tile, this.#layer(node.layer)), inner: null };
      case 'fill':
        return { head: this.#emit(OP.fill, this.#put(encodeFill(node.fill))), inner: null };
      case 'adjust': {
        const values = encodeAdjustment(node.settings);
        this.#adjusts.add(values[0] as number);
        return { head: this.#emit(OP.adjust, this.#put(values)), inner: null };
      }
      case 'isolated':
      case 'through':
      case 'cached': {
        const head = this.#emit(OP.clear);
        return { head, inner: this.list(node.list) };
      }
    }
  }

  #layer(layer: Layer): number {
    return this.#layers.push(layer) - 1;
  }

  #put(values: readonly number[]): number {
    const at = this.#data.length;
    // One by one: a curve's table is longer than an argument list may be.
    for (const value of values) this.#data.push(value);
    return at;
  }

  #maskWords(mask: PlanMask | null): number[] {
    if (!mask) return [NONE, 0, 0];
    const { density, outside } = mask.settings;
    return [this.#masks.push(mask.layer) - 1, bitsOf(density), bitsOf(outside)];
  }

  #emit(op: number, source = 0, how?: PlanItem): number {
    const { mode = 0, opacity = 1, fill = 1, mask = null } = how ?? {};
    this.#ops.add(op);
    this.#modes.add(mode);
    this.#weakens ||= fill !== 1;
    this.#code.push(op, source, mode, bitsOf(opacity), bitsOf(fill), ...this.#maskWords(mask));
    this.#depth += op <= OP.adjust ? 1 : op <= OP.mix ? -1 : 0;
    if (this.#depth > STACK_DEPTH)
      throw new EngineError('gpu-limit', `Groups are nested deeper than ${STACK_DEPTH} levels.`);
    return this.#code.length / WORDS - 1;
  }
}

/**
 * Compiles a plan.
 * @throws EngineError `gpu-limit` when groups nest deeper than the shader's stack; the CPU has no such bound.
 */
export function compileProgram(plan: PlanList): CompositeProgram {
  const writer = new ProgramWriter();
  return writer.finish(writer.list(plan));
}
