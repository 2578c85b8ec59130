import type { UnetConfig } from '../checkpoints/component-configs.ts';
import { staticShape, type Value } from '../onnx/value.ts';
import { attend } from './attention.ts';
import type { LatentSize } from './build-options.ts';
import type { Layers } from './layers.ts';

const layerNormEps = 1e-5;
/** diffusers' Transformer2DModel has its own, whatever the network's `norm_eps`. */
const groupNormEps = 1e-6;

/**
 * A spatial transformer (arXiv:2112.10752 §3.3): the cells of a feature map as tokens that look at each other and at
 * the text.
 *
 * @param x `[batch, channels, height, width]`
 * @param context `[batch, contextTokens, crossAttentionDim]`
 */
export function spatialTransformer(
  layers: Layers,
  name: string,
  x: Value,
  context: Value,
  depth: number,
  heads: number,
  config: Pick<UnetConfig, 'normGroups' | 'linearProjection'>,
): Value {
  const { graph } = layers;
  const [batch = 1, channels = 1, height = 1, width = 1] = staticShape(x);
  const cells = { height, width };
  const toTokens = (map: Value): Value =>
    graph.transpose(graph.reshape(map, [batch, channels, height * width]), [0, 2, 1]);
  const toMap = (tokens: Value): Value =>
    graph.reshape(graph.transpose(tokens, [0, 2, 1]), [batch, channels, height, width]);

  const normal = layers.groupNorm(`${name}.norm`, x, config.normGroups, groupNormEps);
  let tokens = config.linearProjection
    ? layers.linear(`${name}.proj_in`, toTokens(normal), channels, cells)
    : toTokens(layers.conv(`${name}.proj_in`, normal, channels, { kernel: 1 }));
  for (let i = 0; i < depth; i++) {
    tokens = transformerBlock(layers, `${name}.transformer_blocks.${i}`, tokens, context, heads, cells);
  }
  const out = config.linearProjection
    ? toMap(layers.linear(`${name}.proj_out`, tokens, channels, cells))
    : layers.conv(`${name}.proj_out`, toMap(tokens), channels, { kernel: 1 });
  return graph.op('Add', [out, x]);
}

/** Self-attention, cross-attention, feed-forward; each after a normalisation and around a residual. */
function transformerBlock(
  layers: Layers,
  name: string,
  x: Value,
  context: Value,
  heads: number,
  cells: LatentSize,
): Value {
  const { graph } = layers;
  const first = layers.layerNorm(`${name}.norm1`, x, layerNormEps);
  const a = graph.op('Add', [attention(layers, `${name}.attn1`, first, first, heads, cells), x]);
  const second = layers.layerNorm(`${name}.norm2`, a, layerNormEps);
  const b = graph.op('Add', [attention(layers, `${name}.attn2`, second, context, heads, cells), a]);
  const third = layers.layerNorm(`${name}.norm3`, b, layerNormEps);
  return graph.op('Add', [feedForward(layers, `${name}.ff`, third, cells), b]);
}

function attention(
  layers: Layers,
  name: string,
  x: Value,
  context: Value,
  heads: number,
  cells: LatentSize,
): Value {
  const channels = staticShape(x).at(-1) ?? 1;
  const query = layers.linear(`${name}.to_q`, x, channels, cells);
  const side = (of: 'k' | 'v') =>
    context === x
      ? { all: layers.linear(`${name}.to_${of}`, x, channels, cells), byCell: undefined }
      : layers.linearForCells(`${name}.to_${of}`, context, channels, cells);
  const [key, value] = [side('k'), side('v')];
  const [batch = 1, contextTokens = 1] = staticShape(context);
  const mask = context === x ? undefined : layers.contextMask(batch, cells, contextTokens);
  const added = { mask, key: key.byCell, value: value.byCell };
  const mixed = layers.graph.scope(name, () => attend(layers, query, key.all, value.all, heads, added));
  return layers.linear(`${name}.to_out.0`, mixed, channels, cells);
}

/** A gated linear unit with GELU (arXiv:2002.05202), four times as wide inside. */
function feedForward(layers: Layers, name: string, x: Value, cells: LatentSize): Value {
  const channels = staticShape(x).at(-1) ?? 1;
  const [hidden, gate] = layers.graph.ops(
    'Split',
    [layers.linear(`${name}.net.0.proj`, x, channels * 8, cells)],
    {
      axis: -1,
      num_outputs: 2,
    },
  );
  if (hidden === undefined || gate === undefined) throw new RangeError('Split in two gave fewer parts');
  const gated = layers.graph.op('Mul', [hidden, layers.graph.op('Gelu', [gate])]);
  return layers.linear(`${name}.net.2`, gated, channels, cells);
}
