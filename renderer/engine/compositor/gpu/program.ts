import { EngineError } from '../../error.ts';
import type { Layer } from '../../layers/layer.ts';
import type { PlanItem, PlanList } from '../plan.ts';

/** Operations of the compositing program; the shader switches on the same numbers. */
export const OP = {
  /** Push transparent black. */
  clear: 0,
  /** Push a copy of the top. */
  copy: 1,
  /** Push a layer's pixel. */
  tile: 2,
  /** Pop a source and composite it over the new top. */
  over: 3,
  /** Pop a source and clip it to the new top. */
  clip: 4,
  /** Pop a result and mix it into the new top by opacity. */
  mix: 5,
  /** Composite a layer's pixel over the top. */
  tileOver: 6,
} as const;

/** Deepest stack that the shader holds. */
export const STACK_DEPTH = 12;

/** 32-bit words of one instruction: operation, layer, mode, opacity (as float bits). */
const WORDS = 4;

/** A document's layers as a program for one pixel, and the layers whose tiles it reads, in the order it names them. */
export interface CompositeProgram {
  readonly code: Uint32Array<ArrayBuffer>;
  readonly length: number;
  readonly layers: readonly Layer[];
}

/**
 * Compiles a plan.
 * @throws EngineError `gpu-limit` when groups nest deeper than the shader's stack; the CPU has no such bound.
 */
export function compileProgram(plan: PlanList): CompositeProgram {
  const code: number[] = [];
  const layers: Layer[] = [];
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  let depth = 1;
  const emit = (op: number, layer = 0, mode = 0, opacity = 1): void => {
    float[0] = opacity;
    code.push(op, layer, mode, bits[0] ?? 0);
    depth += op <= OP.tile ? 1 : op <= OP.mix ? -1 : 0;
    if (depth > STACK_DEPTH)
      throw new EngineError('gpu-limit', `Groups are nested deeper than ${STACK_DEPTH} levels.`);
  };
  const layerIndex = (layer: Layer): number => layers.push(layer) - 1;
  const source = ({ node }: PlanItem): void => {
    if (node.kind === 'pixels') emit(OP.tile, layerIndex(node.layer));
    else {
      emit(OP.clear);
      node.list.items.forEach(item);
    }
  };
  const item = (entry: PlanItem): void => {
    const { node, opacity, mode, clips } = entry;
    if (node.kind === 'pixels' && clips.length === 0) {
      emit(OP.tileOver, layerIndex(node.layer), mode, opacity);
    } else if (node.kind === 'through') {
      emit(OP.copy);
      node.list.items.forEach(item);
      emit(OP.mix, 0, 0, opacity);
    } else {
      source(entry);
      for (const clip of clips) {
        source(clip);
        emit(OP.clip, 0, clip.mode, clip.opacity);
      }
      emit(OP.over, 0, mode, opacity);
    }
  };
  plan.items.forEach(item);
  return { code: Uint32Array.from(code), length: code.length / WORDS, layers };
}
