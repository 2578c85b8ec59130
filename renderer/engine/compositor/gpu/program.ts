import { EngineError } from '../../error.ts';
import type { Layer } from '../../layers/layer.ts';
import type { PlanMask } from '../mask-block.ts';
import type { PlanItem, PlanList } from '../plan.ts';
import { encodeAdjustment } from './encode-adjustment.ts';
import { encodeFill } from './encode-fill.ts';

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

/** A document's layers as a program for one pixel, and what it reads. */
export interface CompositeProgram {
  readonly code: Uint32Array<ArrayBuffer>;
  readonly length: number;
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
  #depth = 1;

  list({ items }: PlanList): void {
    for (const item of items) this.#item(item);
  }

  finish(): CompositeProgram {
    return {
      code: Uint32Array.from(this.#code),
      length: this.#code.length / WORDS,
      layers: this.#layers,
      masks: this.#masks,
      data: Float32Array.from(this.#data.length > 0 ? this.#data : [0]),
    };
  }

  #item(item: PlanItem): void {
    const { node, clips } = item;
    if (node.kind === 'pixels' && clips.length === 0) {
      this.#emit(OP.tileOver, this.#layer(node.layer), item);
    } else if (node.kind === 'through') {
      this.#emit(OP.copy);
      this.list(node.list);
      this.#emit(OP.mix, 0, item);
    } else {
      this.#source(item);
      for (const clip of clips) {
        this.#source(clip);
        this.#emit(OP.clip, 0, clip);
      }
      this.#emit(node.kind === 'adjust' ? OP.clip : OP.over, 0, item);
    }
  }

  #source({ node }: PlanItem): void {
    switch (node.kind) {
      case 'pixels':
        this.#emit(OP.tile, this.#layer(node.layer));
        return;
      case 'fill':
        this.#emit(OP.fill, this.#put(encodeFill(node.fill)));
        return;
      case 'adjust':
        this.#emit(OP.adjust, this.#put(encodeAdjustment(node.settings)));
        return;
      case 'isolated':
      case 'through':
      case 'cached':
        this.#emit(OP.clear);
        this.list(node.list);
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

  #emit(op: number, source = 0, how?: PlanItem): void {
    const { mode = 0, opacity = 1, fill = 1, mask = null } = how ?? {};
    this.#code.push(op, source, mode, bitsOf(opacity), bitsOf(fill), ...this.#maskWords(mask));
    this.#depth += op <= OP.adjust ? 1 : op <= OP.mix ? -1 : 0;
    if (this.#depth > STACK_DEPTH)
      throw new EngineError('gpu-limit', `Groups are nested deeper than ${STACK_DEPTH} levels.`);
  }
}

/**
 * Compiles a plan.
 * @throws EngineError `gpu-limit` when groups nest deeper than the shader's stack; the CPU has no such bound.
 */
export function compileProgram(plan: PlanList): CompositeProgram {
  const writer = new ProgramWriter();
  writer.list(plan);
  return writer.finish();
}
