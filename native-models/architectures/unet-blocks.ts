import type { UnetConfig, UnetLevel } from '../checkpoints/component-configs.ts';
import { staticShape, type Value } from '../onnx/value.ts';
import type { Layers } from './layers.ts';
import { downsample, resnetBlock, upsample } from './resnet.ts';
import { spatialTransformer } from './transformer.ts';

/** The settings that every block of a UNet shares. */
type BlockConfig = Pick<UnetConfig, 'normGroups' | 'normEps' | 'linearProjection'>;

/** What every block is given besides its feature map. */
export interface BlockContext {
  readonly layers: Layers;
  readonly config: BlockConfig;
  /** `[batch, timeEmbedDim]`, activated. */
  readonly time: Value;
  /** `[batch, contextTokens, crossAttentionDim]` */
  readonly context: Value;
}

/** The way down: each level's blocks, then half the size. Returns the last map and all that the way up joins. */
export function downPath(
  block: BlockContext,
  levels: readonly UnetLevel[],
  x: Value,
): { readonly x: Value; readonly skips: Value[] } {
  const skips = [x];
  let hidden = x;
  levels.forEach((level, i) => {
    const name = `down_blocks.${i}`;
    for (let j = 0; j < level.resnets; j++) {
      hidden = levelStep(block, name, j, hidden, level);
      skips.push(hidden);
    }
    if (i < levels.length - 1) {
      hidden = downsample(block.layers, `${name}.downsamplers.0`, hidden);
      skips.push(hidden);
    }
  });
  return { x: hidden, skips };
}

/** The bottom: residual block, transformer, residual block. */
export function middle(block: BlockContext, config: UnetConfig['middle'], x: Value): Value {
  const { layers } = block;
  const channels = staticShape(x)[1] ?? 1;
  const norm = { groups: block.config.normGroups, epsilon: block.config.normEps };
  let hidden = resnetBlock(layers, 'mid_block.resnets.0', x, channels, norm, block.time);
  const { transformerDepth, heads } = config;
  const name = 'mid_block.attentions.0';
  hidden = spatialTransformer(layers, name, hidden, block.context, transformerDepth, heads, block.config);
  return resnetBlock(layers, 'mid_block.resnets.1', hidden, channels, norm, block.time);
}

/** The way up: each residual block sees one map of the way down beside its own, last first. */
export function upPath(
  block: BlockContext,
  levels: readonly UnetLevel[],
  x: Value,
  skips: readonly Value[],
): Value {
  const stack = [...skips];
  let hidden = x;
  levels.forEach((level, i) => {
    const name = `up_blocks.${i}`;
    for (let j = 0; j < level.resnets; j++) {
      const skip = stack.pop();
      if (skip === undefined) throw new RangeError(`${name} has no map of the way down to join`);
      const joined = block.layers.graph.concat([hidden, skip], 1);
      hidden = levelStep(block, name, j, joined, level);
    }
    if (i < levels.length - 1) {
      const [, , height = 1, width = 1] = staticShape(stack.at(-1) ?? hidden);
      hidden = upsample(block.layers, `${name}.upsamplers.0`, hidden, height, width);
    }
  });
  return hidden;
}

function levelStep(block: BlockContext, name: string, index: number, x: Value, level: UnetLevel): Value {
  const { layers, config, time, context } = block;
  const norm = { groups: config.normGroups, epsilon: config.normEps };
  const hidden = resnetBlock(layers, `${name}.resnets.${index}`, x, level.channels, norm, time);
  if (level.transformerDepth === 0) return hidden;
  const { transformerDepth: depth, heads } = level;
  return spatialTransformer(layers, `${name}.attentions.${index}`, hidden, context, depth, heads, config);
}
