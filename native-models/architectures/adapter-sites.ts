import type { Weights } from '../checkpoints/weights.ts';

/** A layer whose output a low-rank adapter can change. */
export interface AdapterSite {
  /** The diffusers name of the module, such as `down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q`. */
  readonly name: string;
  readonly kind: 'linear' | 'conv';
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** Height and width of a convolution's kernel; 1 × 1 for a linear layer. */
  readonly kernel: readonly [number, number];
}

/**
 * The layers of a network that adapters can change: its linear layers and convolutions. `weights` may come from
 * any layout, names are diffusers' own.
 */
export function listAdapterSites(weights: Weights): AdapterSite[] {
  const sites: AdapterSite[] = [];
  for (const [key, tensor] of weights.entries()) {
    if (!key.endsWith('.weight') || key.includes('embeddings.')) continue;
    const [out, inner, height = 1, width = 1] = tensor.transposed ? tensor.shape.toReversed() : tensor.shape;
    if (out === undefined || inner === undefined) continue;
    sites.push({
      name: key.slice(0, -'.weight'.length),
      kind: tensor.shape.length === 4 ? 'conv' : 'linear',
      inFeatures: inner,
      outFeatures: out,
      kernel: [height, width],
    });
  }
  return sites;
}

/** The normalisations of a network and how long their weights are: what adapters change by plain differences. */
export function listNorms(weights: Weights): ReadonlyMap<string, number> {
  const norms = new Map<string, number>();
  for (const [key, { shape }] of weights.entries()) {
    const [length] = shape;
    if (key.endsWith('.weight') && shape.length === 1 && length !== undefined)
      norms.set(key.slice(0, -'.weight'.length), length);
  }
  return norms;
}

/**
 * The names of a site's graph inputs. A linear site adds `(x·A)·B` with A `[in, rank]` and B `[rank, out]`; a
 * convolution adds Conv(Conv(x, A), B) with A `[rank, in, kh, kw]` (stride and padding of the site) and B
 * `[out, rank, 1, 1]`. Strength and alpha are multiplied into B by whoever feeds it. No adapter is rank 1 of
 * zeros; rank 0 must never be fed.
 */
export function adapterInputNames(site: string): { readonly a: string; readonly b: string } {
  return { a: `${site}.lora_A`, b: `${site}.lora_B` };
}

/** The name of the input that is added to a parameter: float32, of the parameter's diffusers shape; zeros for none. */
export function deltaInputName(parameter: string): string {
  return `${parameter}.delta`;
}
