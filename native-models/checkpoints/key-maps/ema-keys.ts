const emaPrefix = 'model_ema.diffusion_model';

/**
 * The original UNet name of an averaged weight (`model_ema.…`), whose name was stored without its dots;
 * undefined for other keys. Block numbers are told apart by the grammar: a part's number has one digit.
 */
export function emaUnetName(key: string): string | undefined {
  if (!key.startsWith(emaPrefix)) return undefined;
  const rest = key.slice(emaPrefix.length);
  for (const [pattern, replacement] of grammar) {
    if (pattern.test(rest)) return inner(rest.replace(pattern, replacement));
  }
  return undefined;
}

const grammar: readonly (readonly [RegExp, string])[] = [
  [/^time_embed(\d)(weight|bias)$/, 'time_embed.$1.$2'],
  [/^label_emb(\d)(\d)(weight|bias)$/, 'label_emb.$1.$2.$3'],
  [/^out(\d)(weight|bias)$/, 'out.$1.$2'],
  [/^(input|output)_blocks(\d+)(\d)(.+)$/, '$1_blocks.$2.$3.$4'],
  [/^middle_block(\d)(.+)$/, 'middle_block.$1.$2'],
];

const parts = new RegExp(
  [
    '(in_layers|emb_layers|out_layers)(\\d)',
    'transformer_blocks(\\d)',
    'skip_connection',
    'proj_in',
    'proj_out',
    'to_out(0)',
    'to_[qkv]',
    'attn[12]',
    'ffnet(0)proj',
    'ffnet(2)',
    'norm[123]?',
    'conv',
    'op',
    '(?:weight|bias)$',
  ].join('|'),
  'g',
);

/** The dots inside a block: `in_layers0weight` is `in_layers.0.weight`. */
function inner(name: string): string {
  const split = /^(.*_blocks?\.\d+\.(?:\d+\.)?)(.+)$/.exec(name);
  if (split === null) return name;
  const [, block = '', tail = ''] = split;
  const words = [...tail.matchAll(parts)].map(([word]) =>
    word
      .replace(/^(in_layers|emb_layers|out_layers|transformer_blocks|to_out)(\d)$/, '$1.$2')
      .replace(/^ffnet(\d)(proj)?$/, (_, index: string, proj: string | undefined) =>
        proj === undefined ? `ff.net.${index}` : `ff.net.${index}.proj`,
      ),
  );
  return `${block}${words.join('.')}`;
}
