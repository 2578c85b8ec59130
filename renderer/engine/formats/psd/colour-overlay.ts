import type { Layer } from 'ag-psd';
import { fileRecord, type FileLayer, type PixelBlock } from '../picture-file.ts';
import { fromPsdBlend } from './blend-modes.ts';
import { fromPsdColour } from './colours.ts';
import { colourOverlays } from './layer-effects.ts';

/**
 * A layer's colour overlays as layers above it. Photoshop blends such an effect, by its own mode, with what the layer and
 * all below it make together, within the layer's own shape (as long as "Blend Interior Effects as Group" is off): which
 * is what a layer of one colour with the layer's alpha and mask does.
 */
export function overlayLayers(layer: Layer, base: FileLayer): FileLayer[] {
  const { record, pixels } = base;
  if (pixels === null) return [];
  return colourOverlays(layer).map((overlay) => {
    const colour = fromPsdColour(overlay.color);
    return {
      record: fileRecord({
        name: `${record.name}: Color Overlay`.slice(0, 256),
        visible: record.visible,
        opacity: record.opacity * Math.min(1, Math.max(0, overlay.opacity ?? 1)),
        blend: fromPsdBlend(overlay.blendMode),
        clipped: record.clipped,
        mask: record.mask,
      }),
      pixels: async () => {
        const block = await pixels();
        return block && paintOver(block, colour);
      },
      mask: base.mask,
      children: [],
    };
  });
}

function paintOver(block: PixelBlock, colour: readonly number[]): PixelBlock {
  const data = block.data.slice();
  const maximum = data instanceof Uint8Array ? 255 : 65535;
  const values = colour.map((value) => Math.round(value * maximum));
  for (let i = 0; i < data.length; i += 4) {
    for (let k = 0; k < 3; k++) data[i + k] = values[k] as number;
  }
  return { ...block, data };
}
