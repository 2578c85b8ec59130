import type { Abr } from 'ag-psd';
import type { Brush, ColourJitter, Dynamic, DynamicParameter, Sensor } from '../brush.ts';
import { within } from './imported-brush.ts';

type AbrBrush = Abr['brushes'][number];
type AbrDynamics = NonNullable<AbrBrush['shapeDynamics']>['sizeDynamics'];

/** Photoshop's controls as sensors. */
const CONTROLS: Readonly<Record<string, Sensor>> = {
  'pen pressure': 'pressure',
  'pen tilt': 'tilt',
  fade: 'fade',
  rotation: 'twist',
  direction: 'direction',
};

interface MappedDynamics {
  readonly dynamics: Brush['dynamics'];
  readonly scatter: number;
  readonly count: number;
  readonly jitter: ColourJitter | null;
}

/** What of a brush follows the pen or chance. */
export function mapDynamics(from: AbrBrush, notes: string[]): MappedDynamics {
  const dynamics: { [Parameter in DynamicParameter]?: readonly Dynamic[] } = {};
  const factors = (
    parameter: DynamicParameter,
    name: string,
    given: AbrDynamics | undefined,
    minimum = 0,
  ): void => {
    if (!given) return;
    const list = asFactors(name, given, minimum, notes);
    if (list.length > 0) dynamics[parameter] = list;
  };
  const { shapeDynamics, transfer, scatter, colorDynamics, toolOptions } = from;
  if (shapeDynamics) {
    factors('size', 'Size', shapeDynamics.sizeDynamics, shapeDynamics.minimumDiameter);
    factors('roundness', 'Roundness', shapeDynamics.roundnessDynamics, shapeDynamics.minimumRoundness);
    const angle = asTurn(shapeDynamics.angleDynamics, notes);
    if (angle.length > 0) dynamics.angle = angle;
    if (shapeDynamics.flipX || shapeDynamics.flipY) notes.push('Flipping at random is left out.');
    if (shapeDynamics.brushProjection) notes.push('Brush projection is left out.');
  }
  if (!dynamics.size && toolOptions?.usePressureOverridesSize) dynamics.size = [byPressure(0)];
  factors('opacity', 'Opacity', transfer?.opacityDynamics ?? toolOptions?.opacityDynamics);
  if (!dynamics.opacity && toolOptions?.usePressureOverridesOpacity) dynamics.opacity = [byPressure(0)];
  factors('flow', 'Flow', transfer?.flowDynamics ?? toolOptions?.flowDynamics);
  if (scatter) {
    factors('scatter', 'Scatter', { ...scatter.scatterDynamics, jitter: 0 });
    factors('count', 'Count', scatter.countDynamics);
    if (!scatter.bothAxes) notes.push('Scatter goes along the path too, not only across it.');
  }
  return {
    dynamics,
    scatter: scatter ? within(scatter.scatterDynamics.jitter, 0, 5, 0) : 0,
    count: scatter ? Math.round(within(scatter.count, 1, 16, 1)) : 1,
    jitter: mapColour(colorDynamics, notes),
  };
}

function byPressure(minimum: number): Dynamic {
  return {
    sensor: 'pressure',
    curve: [
      [0, minimum],
      [1, 1],
    ],
  };
}

/** A control and a jitter, each from a minimum to all. */
function asFactors(name: string, given: AbrDynamics, minimum: number, notes: string[]): Dynamic[] {
  const low = Math.max(within(given.minimum, 0, 1, 0), within(minimum, 0, 1, 0));
  const list: Dynamic[] = [];
  const sensor = CONTROLS[given.control];
  if (sensor) {
    const falls = sensor === 'fade';
    list.push({
      sensor,
      curve: [
        [0, falls ? 1 : low],
        [1, falls ? low : 1],
      ],
    });
  } else if (given.control !== 'off') notes.push(`${name} does not follow ${given.control} here.`);
  const jitter = within(given.jitter, 0, 1, 0);
  if (jitter > 0) {
    list.push({
      sensor: 'random',
      curve: [
        [0, Math.max(low, 1 - jitter)],
        [1, 1],
      ],
    });
  }
  return list;
}

function asTurn(given: AbrDynamics, notes: string[]): Dynamic[] {
  const list: Dynamic[] = [];
  const sensor: Sensor | undefined = given.control === 'pen tilt' ? 'azimuth' : CONTROLS[given.control];
  if (sensor) {
    list.push({
      sensor,
      curve: [
        [0, 0],
        [1, 1],
      ],
    });
  } else if (given.control !== 'off') notes.push(`Angle does not follow ${given.control} here.`);
  const jitter = within(given.jitter, 0, 1, 0);
  if (jitter > 0) {
    list.push({
      sensor: 'random',
      curve: [
        [0, 0],
        [1, jitter],
      ],
    });
  }
  return list;
}

function mapColour(given: AbrBrush['colorDynamics'], notes: string[]): ColourJitter | null {
  if (!given) return null;
  if (within(given.foregroundBackground.jitter, 0, 1, 0) > 0 || given.foregroundBackground.control !== 'off')
    notes.push('Mixing with the second colour is left out.');
  if (within(given.purity, -1, 1, 0) !== 0) notes.push('Purity is left out.');
  const jitter = {
    hue: within(given.hue, 0, 1, 0),
    saturation: within(given.saturation, 0, 1, 0),
    value: within(given.brightness, 0, 1, 0),
  };
  return jitter.hue + jitter.saturation + jitter.value > 0 ? jitter : null;
}
