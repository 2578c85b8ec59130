import { EngineError } from '../error.ts';
import type { AdjustmentSettings } from './adjustment-settings.ts';
import type { GroupWords, LayerGuide } from './conditioning.ts';
import { isBlendMode, type BlendMode } from './blend-mode.ts';
import type { Fill } from './fill.ts';
import type { LayerLabel } from './layer-label.ts';
import type { LayerText } from './layer-text.ts';
import { checkLayerMask, type LayerMask } from './layer-mask.ts';

/**
 * What a layer is. `generated` holds pixels like `paint` and keeps the recipe they were made with; `fill` covers
 * everything with a colour or a gradient; `adjustment` changes the colours of what lies under it in its group. Neither
 * of these two, nor a group, has pixels of its own, but each may have a mask.
 */
export type LayerKind = 'paint' | 'generated' | 'group' | 'fill' | 'adjustment';

/** Everything about a layer but its pixels and its place among its siblings. Plain data. */
export interface LayerRecord {
  id: string;
  kind: LayerKind;
  name: string;
  visible: boolean;
  /** 0..1 */
  opacity: number;
  /** 0..1: a second opacity, which the modes that PSD treats apart mix in before they blend (see plan.ts). */
  fillOpacity: number;
  blend: BlendMode;
  /** No change of pixels. */
  locked: boolean;
  /** Painting changes colour, never alpha. */
  alphaLocked: boolean;
  /** Shown only where the nearest unclipped layer below has alpha. */
  clipped: boolean;
  /** The group it stands in; null at the top. */
  parent: string | null;
  /** How its mask counts; null when it has none. */
  mask: LayerMask | null;
  /** Of a fill layer. */
  fill?: Fill | undefined;
  /** Of an adjustment layer. */
  adjustment?: AdjustmentSettings | undefined;
  recipe?: unknown;
  /** Set on a layer that guides what is painted; it is left out of the finished picture. */
  guide?: LayerGuide | null | undefined;
  /** Of a group that has words. */
  words?: GroupWords | null | undefined;
  /** Of a layer of pixels that were drawn from text and are still what it says. */
  text?: LayerText | null | undefined;
  /** Marks its row, and nothing in the picture. */
  label?: LayerLabel | null | undefined;
}

type ChangeableProps = Pick<
  LayerRecord,
  | 'name'
  | 'visible'
  | 'opacity'
  | 'fillOpacity'
  | 'blend'
  | 'locked'
  | 'alphaLocked'
  | 'clipped'
  | 'mask'
  | 'fill'
  | 'adjustment'
  | 'recipe'
  | 'guide'
  | 'words'
  | 'text'
  | 'label'
>;

/** What `layer-props` may change; what is absent or undefined stays. */
export type LayerProps = { [Key in keyof ChangeableProps]?: ChangeableProps[Key] | undefined };

/** A record with the usual values for what is not given: visible, opaque, normal, unlocked, at the top. */
export function layerRecord(given: Pick<LayerRecord, 'id'> & Partial<LayerRecord>): LayerRecord {
  return {
    kind: 'paint',
    name: '',
    visible: true,
    opacity: 1,
    fillOpacity: 1,
    blend: 'normal',
    locked: false,
    alphaLocked: false,
    clipped: false,
    parent: null,
    mask: null,
    ...given,
  };
}

/** True when a layer of this kind holds pixels of its own. */
export function holdsPixels(kind: LayerKind): boolean {
  return kind === 'paint' || kind === 'generated';
}

/** @throws EngineError `invalid-value` when a record lacks what its kind needs, or has what another kind has. */
export function checkLayerKind({ kind, name, fill, adjustment, text }: LayerRecord): void {
  const fits =
    (kind === 'fill') === (fill !== undefined) &&
    (kind === 'adjustment') === (adjustment !== undefined) &&
    (kind === 'paint' || !text);
  if (!fits) {
    throw new EngineError(
      'invalid-value',
      `The ${kind} layer "${name}" does not say what belongs to its kind.`,
    );
  }
}

/**
 * Checks the values of a record or of changed properties.
 * @throws EngineError `invalid-value` naming the property.
 */
export function checkLayerProps(props: LayerProps): void {
  if (props.opacity !== undefined && !(props.opacity >= 0 && props.opacity <= 1)) {
    throw new EngineError('invalid-value', `An opacity of ${props.opacity} is not between 0 and 1.`);
  }
  if (props.fillOpacity !== undefined && !(props.fillOpacity >= 0 && props.fillOpacity <= 1)) {
    throw new EngineError('invalid-value', `A fill opacity of ${props.fillOpacity} is not between 0 and 1.`);
  }
  if (props.mask) checkLayerMask(props.mask);
  if (props.blend !== undefined && !isBlendMode(props.blend)) {
    throw new EngineError('invalid-value', `There is no blend mode "${String(props.blend)}".`);
  }
}
