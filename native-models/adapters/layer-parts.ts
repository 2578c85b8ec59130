import { ModelError } from '../errors.ts';
import { type AdapterSource, readValues } from './adapter-source.ts';
import type { AdapterLayer } from './read-adapter.ts';
import type { AdapterPart } from './split-key.ts';
import type { Tensor } from './tensor.ts';

/** The tensors of one layer in memory. */
export type LayerParts = ReadonlyMap<AdapterPart, Tensor>;

/**
 * How alpha acts on LoHa and LoKr. `as-trained` scales by alpha / rank once, as the forward pass of
 * training does and every program that loads such files. `as-lycoris-merges` scales twice, as the
 * merge functions of LyCORIS 3 (`get_merged_weight`) do; it is there to compare with them.
 */
export type MergeRule = 'as-trained' | 'as-lycoris-merges';

/** What the product of a layer's factors is multiplied by at full strength. */
export function productScale(layer: AdapterLayer, rule: MergeRule): number {
  const { scale, form } = layer;
  const twice = rule === 'as-lycoris-merges' && (form.algorithm === 'loha' || form.algorithm === 'lokr');
  return twice ? scale * scale : scale;
}

/** Reads the tensors of a layer, by part. */
export async function readParts(source: AdapterSource, layer: AdapterLayer): Promise<LayerParts> {
  const parts = new Map<AdapterPart, Tensor>();
  for (const [part, key] of layer.keys) {
    if (part !== 'alpha' && part !== 'scalar') parts.set(part, await readValues(source, key));
  }
  return parts;
}

/** A part that the layer's form has promised to be there. */
export function requirePart(parts: LayerParts, part: AdapterPart): Tensor {
  const tensor = parts.get(part);
  if (tensor) return tensor;
  throw new ModelError('tensor-missing', `The adapter has lost its ${part}.`, 'Read the file again.');
}
