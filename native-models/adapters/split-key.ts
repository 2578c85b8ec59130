/** What a tensor is to the adapter of one layer. */
export type AdapterPart =
  | 'down'
  | 'up'
  | 'mid'
  | 'alpha'
  | 'dora'
  | 'scalar'
  | 'hada_w1_a'
  | 'hada_w1_b'
  | 'hada_w2_a'
  | 'hada_w2_b'
  | 'hada_t1'
  | 'hada_t2'
  | 'lokr_w1'
  | 'lokr_w1_a'
  | 'lokr_w1_b'
  | 'lokr_w2'
  | 'lokr_w2_a'
  | 'lokr_w2_b'
  | 'lokr_t2'
  | 'diff'
  | 'diff_bias'
  | 'up_bias'
  | 'ia3'
  | 'on_input';

/** A key of an adapter file taken apart, or why it cannot be. */
export type SplitKey = { readonly module: string; readonly part: AdapterPart } | { readonly reason: string };

/** Endings, longest first where one holds another; the module is what stands before. */
const ENDINGS: ReadonlyArray<readonly [RegExp, AdapterPart]> = [
  // kohya, LyCORIS, OneTrainer
  [/\.lora_down(?:\.weight)?$/, 'down'],
  [/\.lora_up(?:\.weight)?$/, 'up'],
  [/\.lora_mid(?:\.weight)?$/, 'mid'],
  // PEFT, with the adapter's name or without
  [/\.lora_A(?:\.[\w-]+)?\.weight$/, 'down'],
  [/\.lora_B(?:\.[\w-]+)?\.weight$/, 'up'],
  // `lora_bias` of PEFT: added to what the second factor makes, and scaled with it
  [/\.lora_B(?:\.[\w-]+)?\.bias$|\.lora_up\.bias$/, 'up_bias'],
  [/\.lora_magnitude_vector(?:\.[\w-]+)?(?:\.weight)?$/, 'dora'],
  // diffusers, three generations
  [/\.lora\.down\.weight$/, 'down'],
  [/\.lora\.up\.weight$/, 'up'],
  [/\.lora_linear_layer\.down\.weight$/, 'down'],
  [/\.lora_linear_layer\.up\.weight$/, 'up'],
  [/_lora\.down\.weight$/, 'down'],
  [/_lora\.up\.weight$/, 'up'],
  [/\.dora_scale$/, 'dora'],
  [/(?:_lora|\.lora_linear_layer|\.lora)?\.alpha$/, 'alpha'],
  [/\.scalar$/, 'scalar'],
  [/\.hada_w1_a$/, 'hada_w1_a'],
  [/\.hada_w1_b$/, 'hada_w1_b'],
  [/\.hada_w2_a$/, 'hada_w2_a'],
  [/\.hada_w2_b$/, 'hada_w2_b'],
  [/\.hada_t1$/, 'hada_t1'],
  [/\.hada_t2$/, 'hada_t2'],
  [/\.lokr_w1_a$/, 'lokr_w1_a'],
  [/\.lokr_w1_b$/, 'lokr_w1_b'],
  [/\.lokr_w1$/, 'lokr_w1'],
  [/\.lokr_w2_a$/, 'lokr_w2_a'],
  [/\.lokr_w2_b$/, 'lokr_w2_b'],
  [/\.lokr_w2$/, 'lokr_w2'],
  [/\.lokr_t2$/, 'lokr_t2'],
  [/\.diff_b$/, 'diff_bias'],
  [/\.b_norm$/, 'diff_bias'],
  [/\.(?:diff|w_norm)$/, 'diff'],
  [/\.on_input$/, 'on_input'],
];

/** Endings of kinds that are known and not read. */
const UNREAD: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /\.oft_(?:blocks|diag)$|\.b?oft_[rs](?:\.[\w-]+)?(?:\.weight)?$|\.rescale$/i,
    'OFT and BOFT adapters are not read',
  ],
  [/\.(?:a1|a2|b1|b2|bm)\.weight$/, 'GLoRA adapters are not read'],
  [
    /\.lora_down\.bias$|\.lora_A(?:\.[\w-]+)?\.bias$/,
    'a bias between the two factors is not read: no known program makes one',
  ],
  [/\.bias_(?:indices|values|size)$/, 'sparse bias changes are not read'],
  [/\.reshape_weight$|\.set_weight$/, 'adapters that replace or reshape a layer are not read'],
  [/\.lokr_t1$/, 'a LoKr with a core on its first factor is not read'],
  [/^bundle_emb\./, 'an embedding bundled with the LoRA: save it as a file of its own'],
];

/** The reason for a name that says nothing; other reasons name a kind of adapter that is known and not read. */
export const UNKNOWN_NAME = 'not a name that any adapter format uses';

/** Splits a tensor's name into the layer that it belongs to and its part in that layer's adapter. */
export function splitKey(key: string): SplitKey {
  for (const [pattern, reason] of UNREAD) if (pattern.test(key)) return { reason };
  for (const [pattern, part] of ENDINGS) {
    const match = pattern.exec(key);
    if (match) return { module: key.slice(0, match.index), part };
  }
  // (IA)³ saves a bare vector; anything else that ends so is a plain weight, told apart by its shape.
  if (key.endsWith('.weight')) return { module: key.slice(0, -'.weight'.length), part: 'ia3' };
  return { reason: UNKNOWN_NAME };
}
