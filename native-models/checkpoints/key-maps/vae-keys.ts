import { rename, type RenameRule } from './rename.ts';

/**
 * Names of an autoencoder from the original layout (CompVis latent-diffusion, `model.py`) to diffusers'. Decoder
 * levels are counted from the other end there.
 *
 * @param names without the `first_stage_model.` before them.
 * @returns diffusers name by original name; what belongs to no known module (losses) is left out.
 */
export function vaeNames(names: Iterable<string>): Map<string, string> {
  const all = [...names];
  const levels = 1 + Math.max(0, ...all.map((name) => Number(/^decoder\.up\.(\d+)\./.exec(name)?.[1] ?? 0)));
  const renamed = new Map<string, string>();
  for (const name of all) {
    if (!/^(encoder|decoder|quant_conv|post_quant_conv)\./.test(name)) continue;
    renamed.set(name, vaeName(name, levels));
  }
  return renamed;
}

function vaeName(name: string, levels: number): string {
  const block = /^(encoder\.down|decoder\.up)\.(\d+)\.(.+)$/.exec(name);
  if (block === null) return rename(name, outerRules);
  const [, way = '', level = '', rest = ''] = block;
  const index = way === 'encoder.down' ? Number(level) : levels - 1 - Number(level);
  return `${way}_blocks.${index}.${rename(rest, blockRules)}`;
}

const blockRules: readonly RenameRule[] = [
  [/^block\.(\d+)\.nin_shortcut\./, 'resnets.$1.conv_shortcut.'],
  [/^block\.(\d+)\./, 'resnets.$1.'],
  [/^downsample\./, 'downsamplers.0.'],
  [/^upsample\./, 'upsamplers.0.'],
];

const outerRules: readonly RenameRule[] = [
  [/\.mid\.block_1\./, '.mid_block.resnets.0.'],
  [/\.mid\.block_2\./, '.mid_block.resnets.1.'],
  [/\.mid\.attn_1\.norm\./, '.mid_block.attentions.0.group_norm.'],
  [/\.mid\.attn_1\.proj_out\./, '.mid_block.attentions.0.to_out.0.'],
  [/\.mid\.attn_1\.([qkv])\./, '.mid_block.attentions.0.to_$1.'],
  [/\.norm_out\./, '.conv_norm_out.'],
];
