import { EngineError } from '../error.ts';
import { isBlendMode, type BlendMode } from './blend-mode.ts';

/** What a layer is. `generated` holds pixels like `paint` and keeps the recipe they were made with. */
export type LayerKind = 'paint' | 'generated' | 'group';

/** Everything about a layer but its pixels and its place among its siblings. Plain data. */
export interface LayerRecord {
  id: string;
  kind: LayerKind;
  name: string;
  visible: boolean;
  /** 0..1 */
  opacity: number;
  blend: BlendMode;
  /** No change of pixels. */
  locked: boolean;
  /** Painting changes colour, never alpha. */
  alphaLocked: boolean;
  /** Shown only where the nearest unclipped layer below has alpha. */
  clipped: boolean;
  /** The group it stands in; null at the top. */
  parent: string | null;
  recipe?: unknown;
}

type ChangeableProps = Pick<
  LayerRecord,
  'name' | 'visible' | 'opacity' | 'blend' | 'locked' | 'alphaLocked' | 'clipped' | 'recipe'
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
    blend: 'normal',
    locked: false,
    alphaLocked: false,
    clipped: false,
    parent: null,
    ...given,
  };
}

/**
 * Checks the values of a record or of changed properties.
 * @throws EngineError `invalid-value` naming the property.
 */
export function checkLayerProps(props: LayerProps): void {
  if (props.opacity !== undefined && !(props.opacity >= 0 && props.opacity <= 1)) {
    throw new EngineError('invalid-value', `An opacity of ${props.opacity} is not between 0 and 1.`);
  }
  if (props.blend !== undefined && !isBlendMode(props.blend)) {
    throw new EngineError('invalid-value', `There is no blend mode "${String(props.blend)}".`);
  }
}
