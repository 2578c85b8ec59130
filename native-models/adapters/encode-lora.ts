import { encodeSafetensors, type FloatTensor } from '../checkpoints/encode-safetensors.ts';
import { originalUnetNames } from './original-names.ts';

/** A layer's pair of matrices as kohya's trainer shapes them. */
export interface LoraPair {
  /** The diffusers name of the layer. */
  readonly site: string;
  /** `[rank, in]` or `[rank, in, kh, kw]` */
  readonly down: { readonly shape: readonly number[]; readonly values: Float32Array };
  /** `[out, rank]` or `[out, rank, 1, 1]` */
  readonly up: { readonly shape: readonly number[]; readonly values: Float32Array };
}

/**
 * A LoRA of a UNet in kohya's layout (`networks/lora.py` of sd-scripts): `lora_unet_<layer>.lora_down.weight`, `.lora_up.weight` and
 * `.alpha`, which is the rank. SDXL's blocks go by their original names there, others' by diffusers'.
 *
 * @param modules names of all layers of the UNet, which the original names depend on.
 */
export function encodeLora(
  pairs: readonly LoraPair[],
  original: boolean,
  modules: readonly string[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array[] {
  const names = original ? originalUnetNames(modules) : new Map<string, string>();
  const tensors = pairs.flatMap(({ site, down, up }): FloatTensor[] => {
    const key = `lora_unet_${(names.get(site) ?? site).replaceAll('.', '_')}`;
    return [
      { name: `${key}.alpha`, shape: [], values: Float32Array.of(down.shape[0] ?? 1) },
      { name: `${key}.lora_down.weight`, ...down },
      { name: `${key}.lora_up.weight`, ...up },
    ];
  });
  return encodeSafetensors(tensors, metadata);
}
