/** Parts of a residual block, diffusers' name to the original one. */
const RESNET_PARTS: ReadonlyArray<readonly [string, string]> = [
  ['conv1', 'in_layers.2'],
  ['conv2', 'out_layers.3'],
  ['norm1', 'in_layers.0'],
  ['norm2', 'out_layers.0'],
  ['time_emb_proj', 'emb_layers.1'],
  ['conv_shortcut', 'skip_connection'],
];

const OUTER: Record<string, string> = {
  conv_in: 'input_blocks.0.0',
  'time_embedding.linear_1': 'time_embed.0',
  'time_embedding.linear_2': 'time_embed.2',
  'add_embedding.linear_1': 'label_emb.0.0',
  'add_embedding.linear_2': 'label_emb.0.2',
  conv_norm_out: 'out.0',
  conv_out: 'out.2',
};

function resnetPart(rest: string): string {
  const part = RESNET_PARTS.find(([name]) => rest === name);
  return part ? part[1] : rest;
}

/** First block number of each level, one way through the network. */
function firstBlocks(names: readonly string[], way: 'down' | 'up'): number[] {
  const resnets: number[] = [];
  const samplers = new Set<number>();
  for (const name of names) {
    const match = /^(down|up)_blocks\.(\d{1,3})\.(resnets|downsamplers)\.(\d{1,3})\./.exec(name);
    if (!match || match[1] !== way) continue;
    const level = Number(match[2]);
    if (match[3] === 'resnets') resnets[level] = Math.max(resnets[level] ?? 0, Number(match[4]) + 1);
    else samplers.add(level);
  }
  let next = way === 'down' ? 1 : 0;
  return Array.from(resnets, (count, level) => {
    const first = next;
    next += (count ?? 0) + (samplers.has(level) ? 1 : 0);
    return first;
  });
}

/**
 * Names of a UNet's modules in the original layout (CompVis `openaimodel.py`), which kohya's SDXL
 * LoRAs and ComfyUI use, by diffusers name. Where blocks are numbered through depends on how many
 * each level has, which is read off the names given.
 *
 * @param names diffusers names of all modules of the UNet.
 */
export function originalUnetNames(names: readonly string[]): Map<string, string> {
  const down = firstBlocks(names, 'down');
  const up = firstBlocks(names, 'up');
  const withAttention = new Set(
    names.map((name) => /^(up_blocks\.\d+)\.attentions\./.exec(name)?.[1]).filter((x) => x !== undefined),
  );
  const lastOf = (level: number): number => (up[level + 1] ?? Number.NaN) - 1;
  const rename = (name: string): string | undefined => {
    const outer = Object.hasOwn(OUTER, name) ? OUTER[name] : undefined;
    if (outer) return outer;
    const middle = /^mid_block\.(resnets|attentions)\.(\d)\.(.+)$/.exec(name);
    if (middle) {
      const [, kind, index = '0', rest = ''] = middle;
      return kind === 'attentions'
        ? `middle_block.1.${rest}`
        : `middle_block.${Number(index) * 2}.${resnetPart(rest)}`;
    }
    const block = /^(down|up)_blocks\.(\d{1,3})\.(\w+)\.(\d{1,3})\.(.+)$/.exec(name);
    if (!block) return undefined;
    const [, way, levelText = '0', kind = '', indexText = '0', rest = ''] = block;
    const level = Number(levelText);
    const number = ((way === 'down' ? down : up)[level] ?? Number.NaN) + Number(indexText);
    const side = way === 'down' ? 'input_blocks' : 'output_blocks';
    switch (kind) {
      case 'resnets':
        return `${side}.${number}.0.${resnetPart(rest)}`;
      case 'attentions':
        return `${side}.${number}.1.${rest}`;
      case 'downsamplers':
        return `input_blocks.${(down[level + 1] ?? Number.NaN) - 1}.0.op`;
      case 'upsamplers':
        return `output_blocks.${lastOf(level)}.${withAttention.has(`up_blocks.${level}`) ? 2 : 1}.conv`;
      default:
        return undefined;
    }
  };
  const renamed = new Map<string, string>();
  for (const name of names) {
    const original = rename(name);
    if (original !== undefined && !original.includes('NaN')) renamed.set(name, original);
  }
  return renamed;
}
