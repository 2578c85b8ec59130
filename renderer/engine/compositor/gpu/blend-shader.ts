/** What each mode makes of a backdrop `cb` and a source `cs`, by its number; normal and dissolve give the source. */
const MODES: ReadonlyMap<number, string> = new Map([
  [1, 'return cb * cs;'],
  [2, 'return cb + cs - cb * cs;'],
  [3, 'return vec3f(hard_light(cs.r, cb.r), hard_light(cs.g, cb.g), hard_light(cs.b, cb.b));'],
  [4, 'return min(cb, cs);'],
  [5, 'return max(cb, cs);'],
  [6, 'return vec3f(color_dodge(cb.r, cs.r), color_dodge(cb.g, cs.g), color_dodge(cb.b, cs.b));'],
  [7, 'return vec3f(color_burn(cb.r, cs.r), color_burn(cb.g, cs.g), color_burn(cb.b, cs.b));'],
  [8, 'return vec3f(hard_light(cb.r, cs.r), hard_light(cb.g, cs.g), hard_light(cb.b, cs.b));'],
  [9, 'return vec3f(soft_light(cb.r, cs.r), soft_light(cb.g, cs.g), soft_light(cb.b, cs.b));'],
  [10, 'return abs(cb - cs);'],
  [11, 'return cb + cs - 2.0 * cb * cs;'],
  [12, 'return set_sat_lum(cs, sat(cb), lum(cb));'],
  [13, 'return set_sat_lum(cb, sat(cs), lum(cb));'],
  [14, 'return set_lum(cs, lum(cb));'],
  [15, 'return set_lum(cb, lum(cs));'],
  [17, 'return max(cb + cs - 1.0, vec3f(0.0));'],
  [18, 'return select(cs, cb, lum(cb) < lum(cs) - TIE);'],
  [19, 'return min(cb + cs, vec3f(1.0));'],
  [20, 'return select(cs, cb, lum(cb) > lum(cs) + TIE);'],
  [21, 'return vec3f(vivid_light(cb.r, cs.r), vivid_light(cb.g, cs.g), vivid_light(cb.b, cs.b));'],
  [22, 'return clamp(cb + 2.0 * cs - 1.0, vec3f(0.0), vec3f(1.0));'],
  [23, 'return select(max(cb, 2.0 * cs - 1.0), min(cb, 2.0 * cs), cs <= vec3f(0.5));'],
  [24, 'return select(vec3f(0.0), vec3f(1.0), cb + cs >= vec3f(1.0 - TIE));'],
  [25, 'return max(cb - cs, vec3f(0.0));'],
  [26, 'return vec3f(divide(cb.r, cs.r), divide(cb.g, cs.g), divide(cb.b, cs.b));'],
]);

/** Numbers of all blend modes that a shader can be made for. */
export const EVERY_MODE: ReadonlySet<number> = new Set([0, 16, ...MODES.keys()]);

/**
 * WGSL twin of blend-separable.ts, blend-non-separable.ts and dissolve.ts: the same numbers for modes, the same formulas
 * in single precision.
 * @param modes those that `blend` has to know: a card in software runs every branch for every pixel.
 */
export function blendShader(modes: ReadonlySet<number>): string {
  const cases = [...modes].flatMap((mode) => {
    const formula = MODES.get(mode);
    return formula === undefined ? [] : [`    case ${mode}u: { ${formula} }`];
  });
  return `${FORMULAS}
fn blend(mode: u32, cb: vec3f, cs: vec3f) -> vec3f {
  switch mode {
${cases.join('\n')}
    default: { return cs; }
  }
}
`;
}

const FORMULAS = /* wgsl */ `
const TIE = 1e-5;

fn hard_light(cb: f32, cs: f32) -> f32 {
  if (cs <= 0.5) { return cb * (2.0 * cs); }
  return cb + (2.0 * cs - 1.0) - cb * (2.0 * cs - 1.0);
}

fn color_dodge(cb: f32, cs: f32) -> f32 {
  if (cb <= TIE) { return 0.0; }
  if (cs >= 1.0 - 1e-6 || cb >= 1.0 - cs) { return 1.0; }
  return cb / (1.0 - cs);
}

fn color_burn(cb: f32, cs: f32) -> f32 {
  if (cb >= 1.0 - TIE) { return 1.0; }
  if (cs <= 0.0 || 1.0 - cb >= cs) { return 0.0; }
  return 1.0 - (1.0 - cb) / cs;
}

fn soft_light(cb: f32, cs: f32) -> f32 {
  if (cs <= 0.5) { return cb - (1.0 - 2.0 * cs) * cb * (1.0 - cb); }
  let d = select(sqrt(cb), ((16.0 * cb - 12.0) * cb + 4.0) * cb, cb <= 0.25);
  return cb + (2.0 * cs - 1.0) * (d - cb);
}

fn vivid_light(cb: f32, cs: f32) -> f32 {
  if (cs <= 0.5) { return color_burn(cb, 2.0 * cs); }
  return color_dodge(cb, 2.0 * cs - 1.0);
}

fn divide(cb: f32, cs: f32) -> f32 {
  if (cb >= cs) { return select(0.0, 1.0, cb > TIE); }
  return cb / cs;
}

fn lum(c: vec3f) -> f32 {
  return dot(c, vec3f(0.3, 0.59, 0.11));
}

fn sat(c: vec3f) -> f32 {
  return max(max(c.r, c.g), c.b) - min(min(c.r, c.g), c.b);
}

fn set_lum(colour: vec3f, luminosity: f32) -> vec3f {
  var c = colour + (luminosity - lum(colour));
  let l = lum(c);
  let n = min(min(c.r, c.g), c.b);
  let x = max(max(c.r, c.g), c.b);
  if (n < 0.0) { c = l + (c - l) * (l / (l - n)); }
  if (x > 1.0) { c = l + (c - l) * ((1.0 - l) / (x - l)); }
  return c;
}

fn set_sat_lum(c: vec3f, saturation: f32, luminosity: f32) -> vec3f {
  let low = min(min(c.r, c.g), c.b);
  let range = sat(c);
  let k = select(0.0, saturation / max(range, TIE), range > TIE);
  return set_lum((c - low) * k, luminosity);
}

fn dissolve_threshold(at: vec2i) -> f32 {
  var h = (u32(at.x) * 0x9e3779b1u) ^ (u32(at.y) * 0x85ebca77u);
  h = (h ^ (h >> 15u)) * 0x2c1b3c6du;
  h = (h ^ (h >> 12u)) * 0x297a2d39u;
  h ^= h >> 15u;
  return f32(h >> 8u) / 16777216.0;
}
`;
