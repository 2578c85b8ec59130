/**
 * Compositing in float64, written from W3C Compositing and Blending Level 1 (CR 2024): one pixel, straight colours,
 * plain recursion over a tree. It shares no code with the engine. Clipping follows PSD: clipped layers blend with
 * their base's colour as on an opaque backdrop, then the base's alpha, opacity and mode apply.
 */
export type Colour = [number, number, number];

export interface OraclePixel {
  c: [number, number, number];
  a: number;
}

export interface OracleLayer {
  blend: string;
  opacity: number;
  visible: boolean;
  clipped: boolean;
  /** Second opacity; absent is 1. */
  fillOpacity?: number;
  /** How much its mask shows of it; absent is all. */
  mask?: number;
  /** An adjustment layer: what becomes of a colour. */
  adjust?: (c: Colour) => Colour;
  pixel?: OraclePixel;
  children?: OracleLayer[];
}

type Channel = (cb: number, cs: number) => number;

const multiply: Channel = (cb, cs) => cb * cs;
const screen: Channel = (cb, cs) => 1 - (1 - cb) * (1 - cs);
const hardLight: Channel = (cb, cs) => (cs <= 0.5 ? multiply(cb, 2 * cs) : screen(cb, 2 * cs - 1));
const dodge: Channel = (cb, cs) => {
  if (cb === 0) return 0;
  if (cs === 1) return 1;
  return Math.min(1, cb / (1 - cs));
};
const burn: Channel = (cb, cs) => {
  if (cb === 1) return 1;
  if (cs === 0) return 0;
  return 1 - Math.min(1, (1 - cb) / cs);
};
const softLight: Channel = (cb, cs) => {
  const d = cb <= 0.25 ? ((16 * cb - 12) * cb + 4) * cb : Math.sqrt(cb);
  return cs <= 0.5 ? cb - (1 - 2 * cs) * cb * (1 - cb) : cb + (2 * cs - 1) * (d - cb);
};
const clamp = (x: number): number => Math.min(1, Math.max(0, x));

const SEPARABLE: Record<string, Channel> = {
  normal: (_, cs) => cs,
  multiply,
  screen,
  overlay: (cb, cs) => hardLight(cs, cb),
  darken: Math.min,
  lighten: Math.max,
  'color-dodge': dodge,
  'color-burn': burn,
  'hard-light': hardLight,
  'soft-light': softLight,
  difference: (cb, cs) => Math.abs(cb - cs),
  exclusion: (cb, cs) => cb + cs - 2 * cb * cs,
  'linear-burn': (cb, cs) => clamp(cb + cs - 1),
  'linear-dodge': (cb, cs) => clamp(cb + cs),
  'vivid-light': (cb, cs) => (cs <= 0.5 ? burn(cb, 2 * cs) : dodge(cb, 2 * (cs - 0.5))),
  'linear-light': (cb, cs) => clamp(cb + 2 * cs - 1),
  'pin-light': (cb, cs) => (cs <= 0.5 ? Math.min(cb, 2 * cs) : Math.max(cb, 2 * cs - 1)),
  'hard-mix': (cb, cs) => (cb + cs >= 1 - 1e-9 ? 1 : 0),
  subtract: (cb, cs) => clamp(cb - cs),
  divide: (cb, cs) => (cb === 0 ? 0 : cs === 0 ? 1 : clamp(cb / cs)),
};

const lum = (c: Colour): number => 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2];
const sat = (c: Colour): number => Math.max(...c) - Math.min(...c);
const map = (c: Colour, f: (x: number) => number): Colour => [f(c[0]), f(c[1]), f(c[2])];

function clipColor(c: Colour): Colour {
  const l = lum(c);
  const n = Math.min(...c);
  const x = Math.max(...c);
  let out = c;
  if (n < 0) out = map(out, (v) => l + ((v - l) * l) / (l - n));
  if (x > 1) out = map(out, (v) => l + ((v - l) * (1 - l)) / (x - l));
  return out;
}

const setLum = (c: Colour, l: number): Colour => clipColor(map(c, (v) => v + l - lum(c)));

/** By sorting, as the specification words it. */
function setSat(c: Colour, s: number): Colour {
  const order = [0, 1, 2].toSorted((i, j) => c[i]! - c[j]!);
  const [min, mid, max] = order as [number, number, number];
  const out: Colour = [0, 0, 0];
  if (c[max]! > c[min]!) {
    out[mid] = ((c[mid]! - c[min]!) * s) / (c[max]! - c[min]!);
    out[max] = s;
  }
  return out;
}

const NON_SEPARABLE: Record<string, (cb: Colour, cs: Colour) => Colour> = {
  hue: (cb, cs) => setLum(setSat(cs, sat(cb)), lum(cb)),
  saturation: (cb, cs) => setLum(setSat(cb, sat(cs)), lum(cb)),
  color: (cb, cs) => setLum(cs, lum(cb)),
  luminosity: (cb, cs) => setLum(cb, lum(cs)),
  'darker-color': (cb, cs) => (lum(cb) < lum(cs) - 1e-9 ? cb : cs),
  'lighter-color': (cb, cs) => (lum(cb) > lum(cs) + 1e-9 ? cb : cs),
};

/** The colour that leaves a backdrop unchanged, in the modes where fill opacity leads there instead of to nothing. */
const NEUTRAL: Record<string, number> = {
  'color-dodge': 0,
  'linear-dodge': 0,
  difference: 0,
  'color-burn': 1,
  'linear-burn': 1,
  'vivid-light': 0.5,
  'linear-light': 0.5,
};
const isSpecial = (mode: string): boolean => mode in NEUTRAL || mode === 'hard-mix';

/** Blends with a fill opacity: how it divides into opacity (outside the backdrop) and a weaker source. */
function blendFilled(mode: string, cb: Colour, cs: Colour, fill: number): Colour {
  if (fill === 1 || !isSpecial(mode)) return blend(mode, cb, cs);
  if (mode === 'hard-mix')
    return [0, 1, 2].map((k) => clamp((cb[k]! - fill * (1 - cs[k]!)) / (1 - fill))) as Colour;
  const neutral = NEUTRAL[mode]!;
  return blend(
    mode,
    cb,
    map(cs, (v) => neutral + fill * (v - neutral)),
  );
}

function blend(mode: string, backdrop: Colour, source: Colour): Colour {
  // Rounding may leave a colour just outside 0..1, where formulas divide by next to nothing.
  const [cb, cs] = [map(backdrop, clamp), map(source, clamp)];
  const whole = NON_SEPARABLE[mode];
  if (whole) return whole(cb, cs);
  const channel = SEPARABLE[mode];
  if (!channel) throw new Error(`no formula for ${mode}`);
  return [channel(cb[0], cs[0]), channel(cb[1], cs[1]), channel(cb[2], cs[2])];
}

const NOTHING: OraclePixel = { c: [0, 0, 0], a: 0 };

/** Section 5.6 and 5.8.3: Cs' = (1 - ab) Cs + ab B(Cb, Cs); source-over with Cs'. */
export function over(
  mode: string,
  b: OraclePixel,
  s: OraclePixel,
  opacity: number,
  fillOpacity = 1,
): OraclePixel {
  const special = isSpecial(mode);
  const as = s.a * opacity * (special ? 1 : fillOpacity);
  // What stands beside the backdrop has its fill opacity as an opacity in every mode.
  const beside = as * (special ? fillOpacity : 1) * (1 - b.a);
  const a = b.a + beside;
  if (a === 0) return NOTHING;
  const mixed = blendFilled(mode, b.c, s.c, fillOpacity);
  const c = [0, 1, 2].map(
    (k) => (beside * s.c[k]! + b.a * ((1 - as) * b.c[k]! + as * mixed[k]!)) / a,
  ) as Colour;
  return { c, a };
}

/** Blends onto a base whose coverage stays: clipped layers, and adjustments. */
function onto(
  mode: string,
  b: OraclePixel,
  s: OraclePixel,
  opacity: number,
  fillOpacity: number,
): OraclePixel {
  const name = mode === 'pass-through' ? 'normal' : mode;
  const as = s.a * opacity * (isSpecial(name) ? 1 : fillOpacity);
  const mixed = blendFilled(name, b.c, s.c, fillOpacity);
  return { a: b.a, c: [0, 1, 2].map((k) => (1 - as) * b.c[k]! + as * mixed[k]!) as Colour };
}

/** What a layer lays over `under`, its mask applied. */
function contentOf(layer: OracleLayer, under: OraclePixel): OraclePixel {
  const own = layer.adjust
    ? { c: layer.adjust(under.c), a: 1 }
    : layer.children
      ? compositeOracle(layer.children, NOTHING)
      : layer.pixel!;
  return { c: own.c, a: own.a * (layer.mask ?? 1) };
}

function mixThrough(before: OraclePixel, after: OraclePixel, share: number): OraclePixel {
  const a = before.a + share * (after.a - before.a);
  // Nothing but for rounding has no colour.
  if (a < 1e-12) return NOTHING;
  const c = [0, 1, 2].map((k) => {
    const from = before.c[k]! * before.a;
    return (from + share * (after.c[k]! * after.a - from)) / a;
  }) as Colour;
  return { c, a };
}

export function compositeOracle(siblings: OracleLayer[], backdrop: OraclePixel): OraclePixel {
  let out = backdrop;
  for (let i = 0; i < siblings.length; i++) {
    const base = siblings[i]!;
    const clipped: OracleLayer[] = [];
    while (siblings[i + 1]?.clipped) clipped.push(siblings[++i]!);
    if (!base.visible) continue;
    const shown = clipped.filter((layer) => layer.visible);
    const { blend: mode, opacity, fillOpacity = 1 } = base;
    if (base.children && mode === 'pass-through' && shown.length === 0) {
      const share = opacity * fillOpacity * (base.mask ?? 1);
      out = mixThrough(out, compositeOracle(base.children, out), share);
      continue;
    }
    let source = contentOf(base, out);
    for (const layer of shown)
      source = onto(layer.blend, source, contentOf(layer, source), layer.opacity, layer.fillOpacity ?? 1);
    out = base.adjust
      ? onto(mode, out, source, opacity, fillOpacity)
      : over(mode === 'pass-through' ? 'normal' : mode, out, source, opacity, fillOpacity);
  }
  return out;
}
