import { NO_AIDS, packAids } from '../../../../renderer/engine/aids/aids.ts';
import { brushWith } from '../../../../renderer/engine/brush/brush.ts';
import { beginStroke } from '../../../../renderer/engine/brush/stroke.ts';
import type { Change } from '../../../../renderer/engine/changes.ts';
import type { PaintDocument } from '../../../../renderer/engine/document.ts';
import { BLEND_MODES } from '../../../../renderer/engine/layers/blend-mode.ts';
import { layerMask } from '../../../../renderer/engine/layers/layer-mask.ts';
import {
  holdsPixels,
  layerRecord,
  type LayerProps,
} from '../../../../renderer/engine/layers/layer-record.ts';
import type { Layer, PlaneName } from '../../../../renderer/engine/layers/layer.ts';
import {
  addMaskChanges,
  applyMaskChanges,
  invertMaskChanges,
} from '../../../../renderer/engine/mask/mask-changes.ts';
import { duplicateChanges, mergeDownChanges } from '../../../../renderer/engine/merge/merge-layers.ts';
import { adjustChanges } from '../../../../renderer/engine/adjust/adjust-layer.ts';
import { packNamedSelections, packSelection } from '../../../../renderer/engine/selection/pack-selection.ts';
import { featherSelection } from '../../../../renderer/engine/selection/reshape.ts';
import type { SelectionMask } from '../../../../renderer/engine/selection/selection-mask.ts';
import { selectEllipse } from '../../../../renderer/engine/selection/shapes.ts';
import { randomAdjustment } from './adjust/random-adjustment.ts';

/** Edge of the document that operations are made for, in pixels. */
export const EDGE = 320;

/** An ellipse with a soft edge, somewhere. */
function randomSelection(random: () => number): SelectionMask {
  const canvas = { x: 0, y: 0, width: EDGE, height: EDGE };
  const at = { x: Math.floor(random() * 200), y: Math.floor(random() * 200) };
  const size = { width: 8 + Math.floor(random() * 110), height: 8 + Math.floor(random() * 110) };
  return featherSelection(selectEllipse({ ...at, ...size }, canvas), Math.floor(random() * 4), canvas);
}

/** Something random, of every kind there is; null where it does not fit the document as it is. */
export function randomOperation(
  document: PaintDocument,
  random: () => number,
  number: number,
): readonly Change[] | null {
  const all = [...document.layers.all()];
  const pick = (of: readonly Layer[]): Layer | undefined => of[Math.floor(random() * of.length)];
  const any = pick(all);
  const painted = pick(all.filter(({ record }) => holdsPixels(record.kind)));
  const groups = all.filter(({ record }) => record.kind === 'group');
  const id = `layer-${number}`;
  const parent = random() < 0.3 ? (pick(groups)?.record.id ?? null) : null;
  const index = Math.floor(random() * (document.layers.childrenOf(parent).length + 1));
  const add = (more: Partial<Layer['record']>): Change[] =>
    all.length > 16
      ? []
      : [{ type: 'layer-add', layer: layerRecord({ id, parent, ...more }), parent, index }];
  const stroke = (layer: Layer | undefined, plane: PlaneName): readonly Change[] | null => {
    if (!layer || layer.record.locked || !layer.record.visible) return null;
    const brush = brushWith({
      size: 10 + random() * 60,
      hardness: random(),
      mode: random() < 0.2 ? 'erase' : 'paint',
      ...(random() < 0.2 ? { mixing: { pickup: 0.5, length: 0.5, smear: false } } : {}),
    });
    const drawn = beginStroke(document, layer.record.id, brush, [random() * 255, 90, 30], { plane });
    const sample = { pressure: random(), tiltX: 0, tiltY: 0, twist: 0 };
    for (let i = 0; i < 4; i++)
      drawn.extend([{ ...sample, x: random() * EDGE, y: random() * EDGE, time: i * 20 }]);
    return drawn.commit();
  };
  const props = (layer: Layer | undefined, given: LayerProps): Change[] | null =>
    layer ? [{ type: 'layer-props', layerId: layer.record.id, props: given }] : null;
  const masked = pick(all.filter(({ record }) => record.mask !== null));
  switch (Math.floor(random() * 24)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      return stroke(painted, 'pixels');
    case 5:
    case 6:
      return stroke(masked, 'mask');
    case 7:
      return add({ kind: 'paint' });
    case 8:
      return add({ kind: 'group', blend: random() < 0.5 ? 'pass-through' : 'normal' });
    case 9:
      return add({ kind: 'adjustment', adjustment: randomAdjustment(random, true) });
    case 10:
      return add({ kind: 'fill', fill: { type: 'solid', colour: [random(), random(), random()] } });
    case 11:
      return all.length > 6 && any ? [{ type: 'layer-remove', layerId: any.record.id }] : null;
    case 12:
      return any && (parent === null || !document.layers.isWithin(parent, any.record.id))
        ? [{ type: 'layer-move', layerId: any.record.id, parent, index: 0 }]
        : null;
    case 13:
      return props(any, {
        opacity: random(),
        fillOpacity: random(),
        blend: BLEND_MODES[Math.floor(random() * 27)]!,
        clipped: random() < 0.5,
        visible: random() < 0.9,
      });
    case 14:
      return any ? addMaskChanges(document, any.record.id, null) : null;
    case 15:
      return masked ? invertMaskChanges(document, masked.record.id) : null;
    case 16:
      return masked && holdsPixels(masked.record.kind)
        ? applyMaskChanges(document, masked.record.id)
        : props(any, { mask: { ...layerMask(0), density: random() } });
    case 17:
      return all.length < 12 && any
        ? duplicateChanges(document, any.record.id, (of) => `${of}-${number}`.slice(-60))
        : null;
    case 18:
      return painted && random() < 0.5
        ? adjustChanges(document, painted.record.id, randomAdjustment(random), null)
        : [{ type: 'canvas', width: EDGE + Math.floor(random() * 200), height: EDGE }];
    case 19:
    case 20:
      return [{ type: 'note', key: 'selection', bytes: packSelection(randomSelection(random)) }];
    case 21:
      return random() < 0.5
        ? [{ type: 'note', key: 'selection', bytes: null }]
        : [
            {
              type: 'note',
              key: 'saved-selections',
              bytes: packNamedSelections([{ name: `Part ${number}`, mask: randomSelection(random) }]),
            },
          ];
    case 22: {
      const guides = [{ direction: 'vertical' as const, position: Math.round(random() * EDGE) }];
      return [{ type: 'note', key: 'aids', bytes: packAids({ ...NO_AIDS, guides }) }];
    }
    default:
      return random() < 0.5 && painted
        ? mergeDownChanges(document, painted.record.id)
        : [{ type: 'format', format: { depth: document.format.depth === 8 ? 16 : 8 } }];
  }
}
