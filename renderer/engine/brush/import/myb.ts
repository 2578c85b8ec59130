import { brushWith, type Brush, type Dynamic, type DynamicParameter } from '../brush.ts';
import { checkBrush } from '../check-brush.ts';
import { idFrom, type ImportedFile, tidyName, within } from './imported-brush.ts';
import { mapAngle, mapFactors, type MybSetting, reshaped } from './myb-settings.ts';
import { parseMyb } from './parse-myb.ts';

/** Settings that say how MyPaint computes, not how the brush looks. */
const SILENT: ReadonlySet<string> = new Set([
  'anti_aliasing',
  'custom_input',
  'custom_input_slowness',
  'direction_filter',
  'offset_by_speed_slowness',
  'paint_mode',
  'speed1_gamma',
  'speed1_slowness',
  'speed2_gamma',
  'speed2_slowness',
  'stroke_duration_logarithmic',
  'stroke_holdtime',
  'stroke_threshold',
  'version',
]);

const COLOUR: ReadonlySet<string> = new Set(['color_h', 'color_s', 'color_v', 'restore_color']);

/** MyPaint's own values where a file is silent (libmypaint, brushsettings). */
const DEFAULTS: Readonly<Record<string, number>> = {
  opaque: 1,
  opaque_linearize: 0.9,
  radius_logarithmic: 2,
  hardness: 0.8,
  dabs_per_actual_radius: 2,
  elliptical_dab_ratio: 1,
  elliptical_dab_angle: 90,
  smudge_length: 0.5,
};

const unit = (value: number): number => Math.min(1, Math.max(0, value));

/**
 * Reads a MyPaint brush (`.myb`): JSON of version 3, or the text of versions 1 and 2.
 *
 * Radius, opacity, hardness, spacing, scatter, ellipse, smudging, eraser, colour jitter, slow tracking and their curves
 * are mapped; the rest is named in the notes.
 *
 * @throws EngineError `unreadable-file`
 */
export function readMyb(text: string, fileName: string): ImportedFile {
  const { version, settings, notes } = parseMyb(text);
  const used = new Set<string>();
  const get = (name: string): MybSetting => {
    used.add(name);
    return settings.get(name) ?? { base: DEFAULTS[name] ?? 0, inputs: new Map() };
  };
  const dynamics: { [Parameter in DynamicParameter]?: Dynamic[] } = {};
  const follow = (
    parameter: DynamicParameter,
    list: readonly Dynamic[],
    dropped: readonly string[],
    name: string,
  ): void => {
    const before = dynamics[parameter] ?? [];
    const fresh = list.filter(({ sensor }) => before.every((each) => each.sensor !== sensor));
    if (fresh.length > 0) dynamics[parameter] = [...before, ...fresh];
    if (dropped.length > 0) notes.push(`"${name}" does not follow ${dropped.join(', ')} here.`);
    if (fresh.length > 1)
      notes.push(`"${name}" follows several inputs: they are multiplied here, not added.`);
  };

  const radius = mapFactors(get('radius_logarithmic'), (value) => Math.exp(within(value, -2, 7, 2)));
  follow('size', radius.dynamics, radius.dropped, 'radius');
  const spread = get('radius_by_random');
  if (spread.base > 0) {
    const wide = Math.exp(spread.base);
    follow(
      'size',
      [
        {
          sensor: 'random',
          curve: [
            [0, 1 / wide ** 2],
            [1, 1],
          ],
        },
      ],
      [],
      'radius by random',
    );
  }
  const opaque = mapFactors(get('opaque'), unit);
  const multiplied = settings.has('opaque_multiply')
    ? mapFactors(get('opaque_multiply'), unit)
    : { value: 1, dynamics: [], dropped: [] };
  const dabsPerRadius = Math.max(
    0.05,
    get('dabs_per_actual_radius').base + get('dabs_per_basic_radius').base,
  );
  const peak = unit(opaque.value * multiplied.value);
  const flow = perDab(peak, dabsPerRadius, get('opaque_linearize').base);
  for (const each of [multiplied, opaque])
    follow(
      'flow',
      linearised(each.dynamics, peak, dabsPerRadius, get('opaque_linearize').base),
      each.dropped,
      'opacity',
    );

  const hardness = mapFactors(get('hardness'), unit);
  follow('hardness', hardness.dynamics, hardness.dropped, 'hardness');
  // Offsets are normally distributed there and even here: ± √3 standard deviations have the same spread.
  const scatter = mapFactors(get('offset_by_random'), (value) => Math.max(0, value * 0.5 * Math.sqrt(3)));
  follow('scatter', scatter.dynamics, scatter.dropped, 'offset by random');
  const ratio = mapFactors(get('elliptical_dab_ratio'), (value) => 1 / Math.max(1, value));
  follow('roundness', ratio.dynamics, ratio.dropped, 'elliptical dab: ratio');
  const angle = mapAngle(get('elliptical_dab_angle'));
  if (ratio.value < 1 || ratio.dynamics.length > 0)
    follow('angle', angle.dynamics, angle.dropped, 'elliptical dab: angle');
  const smudge = mapFactors(get('smudge'), unit);
  const smudges = smudge.value > 0;
  if (smudges) follow('pickup', smudge.dynamics, smudge.dropped, 'smudge');
  const length = get('smudge_length');
  if (smudges && length.inputs.size > 0) notes.push('"smudge length" stays the same here.');
  const hue = strayOf(get('change_color_h'), 2);
  const saturation = strayOf(get('change_color_hsv_s'), 1) || strayOf(get('change_color_hsl_s'), 1);
  const value = strayOf(get('change_color_v'), 1) || strayOf(get('change_color_l'), 1);
  const erases = get('eraser').base >= 0.5;
  if (get('eraser').inputs.size > 0) notes.push('"eraser" is on or off here.');
  const tracking = Math.max(get('slow_tracking').base, get('slow_tracking_per_dab').base);

  const name = tidyName(fileName.replace(/\.[^.]*$/, '').replace(/^.*[\\/]/, ''), 'MyPaint brush');
  const brush: Brush = brushWith({
    id: idFrom(name, 1),
    name,
    size: within(radius.value * 2, 0.5, 1000, 12),
    opacity: 1,
    flow: within(flow, 0, 1, 1),
    hardness: unit(hardness.value),
    spacing: within(1 / (2 * dabsPerRadius), 0.01, 10, 0.1),
    roundness: within(ratio.value, 0.01, 1, 1),
    angle: within(angle.degrees, -360, 360, 0),
    scatter: within(scatter.value, 0, 5, 0),
    rate: within(get('dabs_per_second').base, 0, 200, 0),
    mixing: smudges ? { pickup: unit(smudge.value), length: unit(length.base), smear: false } : null,
    jitter: hue + saturation + value > 0 ? { hue, saturation, value } : null,
    mode: erases ? 'erase' : 'paint',
    accumulation: 'build-up',
    stabiliser: within(Math.round(tracking), 0, 10, 0),
    dynamics,
  });
  checkBrush(brush);
  notes.push(...leftOver(settings, used));
  return { program: 'MyPaint', version: String(version), brushes: [{ brush, notes: [...new Set(notes)] }] };
}

/**
 * The opacity of one dab where several overlap (libmypaint, mypaint-brush.c, "opaque_linearize"): so that the stroke as a
 * whole has the opacity asked for.
 */
function perDab(opaque: number, dabsPerRadius: number, linearize: number): number {
  const overlap = 1 + unit(linearize) * (Math.max(1, dabsPerRadius * 2) - 1);
  return 1 - (1 - opaque) ** (1 / overlap);
}

/** Curves of the stroke's opacity as curves of a dab's. */
function linearised(
  list: readonly Dynamic[],
  peak: number,
  dabsPerRadius: number,
  linearize: number,
): Dynamic[] {
  const most = perDab(peak, dabsPerRadius, linearize);
  if (most === 0) return [];
  return list.map(({ sensor, curve }) => ({
    sensor,
    curve: reshaped(curve, (y) => unit(perDab(peak * y, dabsPerRadius, linearize) / most)),
  }));
}

/** A change of colour as how far it strays at random, 0 … 1. */
function strayOf({ base, inputs }: MybSetting, scale: number): number {
  const reach = Math.max(
    Math.abs(base),
    ...[...inputs.values()].map((points) => Math.max(...points.map(([, y]) => Math.abs(y)))),
  );
  return unit(reach * scale);
}

/** What the file says and nothing here answers. */
function leftOver(settings: ReadonlyMap<string, MybSetting>, used: ReadonlySet<string>): string[] {
  const names: string[] = [];
  let colour = false;
  for (const [name, { base, inputs }] of settings) {
    const says = base !== 0 || [...inputs.values()].some((points) => points.some(([, y]) => y !== 0));
    if (!says || used.has(name) || SILENT.has(name)) continue;
    if (COLOUR.has(name)) colour = true;
    else names.push(`"${name.replaceAll('_', ' ')}"`);
  }
  const notes: string[] = [];
  if (names.length > 0) notes.push(`Left out: ${names.join(', ')}.`);
  if (colour) notes.push('Its own colour is left out: brushes here paint with the colour that is chosen.');
  for (const name of ['change_color_h', 'change_color_l', 'change_color_v', 'change_color_hsv_s']) {
    const setting = settings.get(name);
    if (setting && [...setting.inputs.values()].some((points) => points.some(([, y]) => y !== 0)))
      notes.push('Changes of colour are taken as straying at random.');
  }
  return notes;
}
