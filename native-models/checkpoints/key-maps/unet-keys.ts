import { rename, type RenameRule } from './rename.ts';

/**
 * Names of a UNet, or of a ControlNet, from the original layout (CompVis latent-diffusion, `openaimodel.py`) to
 * diffusers'. In the original, blocks are numbered in one row; which level one belongs to follows from where the
 * down- and upsamplers stand.
 *
 * @param names without the `model.diffusion_model.` before them.
 * @returns diffusers name by original name; names that belong to no known module are left out.
 */
export function unetNames(names: Iterable<string>): Map<string, string> {
  const all = [...names];
  const present = new Set(all);
  const down = levelsDown(present);
  const up = levelsUp(present);
  const renamed = new Map<string, string>();
  for (const name of all) {
    const target = blockName(name, down, up) ?? outerName(name);
    if (target !== undefined) renamed.set(name, target);
  }
  return renamed;
}

type Places = ReadonlyMap<number, { readonly level: number; readonly index: number }>;

function blockName(name: string, down: Places, up: Places): string | undefined {
  const match = /^(input|output)_blocks\.(\d+)\.(\d+)\.(.+)$/.exec(name);
  if (match === null) return undefined;
  const [, way = '', number = '', part = '', rest = ''] = match;
  if (way === 'input' && number === '0') return `conv_in.${rest}`;
  const place = (way === 'input' ? down : up).get(Number(number));
  if (place === undefined) return undefined;
  const block = `${way === 'input' ? 'down' : 'up'}_blocks.${place.level}`;
  if (rest.startsWith('op.')) return `${block}.downsamplers.0.conv.${rest.slice(3)}`;
  if (part !== '0' && rest.startsWith('conv.')) return `${block}.upsamplers.0.${rest}`;
  return part === '0'
    ? `${block}.resnets.${place.index}.${rename(rest, resnetRules)}`
    : `${block}.attentions.${place.index}.${rest}`;
}

function outerName(name: string): string | undefined {
  const middle = /^middle_block\.([012])\.(.+)$/.exec(name);
  if (middle !== null) {
    const [, part = '', rest = ''] = middle;
    return part === '1'
      ? `mid_block.attentions.0.${rest}`
      : `mid_block.resnets.${Number(part) / 2}.${rename(rest, resnetRules)}`;
  }
  const renamed = rename(name, outerRules);
  return renamed === name ? undefined : renamed;
}

const resnetRules: readonly RenameRule[] = [
  [/^in_layers\.0\./, 'norm1.'],
  [/^in_layers\.2\./, 'conv1.'],
  [/^emb_layers\.1\./, 'time_emb_proj.'],
  [/^out_layers\.0\./, 'norm2.'],
  [/^out_layers\.3\./, 'conv2.'],
  [/^skip_connection\./, 'conv_shortcut.'],
];

const outerRules: readonly RenameRule[] = [
  [/^time_embed\.0\./, 'time_embedding.linear_1.'],
  [/^time_embed\.2\./, 'time_embedding.linear_2.'],
  [/^time_embed\.cond_proj\./, 'time_embedding.cond_proj.'],
  [/^label_emb\.0\.0\./, 'add_embedding.linear_1.'],
  [/^label_emb\.0\.2\./, 'add_embedding.linear_2.'],
  [/^out\.0\./, 'conv_norm_out.'],
  [/^out\.2\./, 'conv_out.'],
  [/^input_hint_block\.0\./, 'controlnet_cond_embedding.conv_in.'],
  [/^input_hint_block\.2\./, 'controlnet_cond_embedding.blocks.0.'],
  [/^input_hint_block\.4\./, 'controlnet_cond_embedding.blocks.1.'],
  [/^input_hint_block\.6\./, 'controlnet_cond_embedding.blocks.2.'],
  [/^input_hint_block\.8\./, 'controlnet_cond_embedding.blocks.3.'],
  [/^input_hint_block\.10\./, 'controlnet_cond_embedding.blocks.4.'],
  [/^input_hint_block\.12\./, 'controlnet_cond_embedding.blocks.5.'],
  [/^input_hint_block\.14\./, 'controlnet_cond_embedding.conv_out.'],
  [/^zero_convs\.(\d+)\.0\./, 'controlnet_down_blocks.$1.'],
  [/^middle_block_out\.0\./, 'controlnet_mid_block.'],
];

function levelsDown(present: ReadonlySet<string>): Places {
  const places = new Map<number, { level: number; index: number }>();
  let level = 0;
  let index = 0;
  for (let i = 1; ; i++) {
    if (present.has(`input_blocks.${i}.0.op.weight`)) {
      places.set(i, { level, index: 0 });
      level++;
      index = 0;
    } else if (present.has(`input_blocks.${i}.0.in_layers.0.weight`)) {
      places.set(i, { level, index: index++ });
    } else {
      return places;
    }
  }
}

function levelsUp(present: ReadonlySet<string>): Places {
  const places = new Map<number, { level: number; index: number }>();
  let level = 0;
  let index = 0;
  for (let i = 0; present.has(`output_blocks.${i}.0.in_layers.0.weight`); i++) {
    places.set(i, { level, index: index++ });
    if ([1, 2].some((part) => present.has(`output_blocks.${i}.${part}.conv.weight`))) {
      level++;
      index = 0;
    }
  }
  return places;
}
