import { CURVE_STEPS, EXPOSURE_GAMMA, JUMP } from '../../adjust/adjust-colours.ts';
import { ADJUST } from './encode-adjustment.ts';

/** What each adjustment makes of a colour `c`; its parameters begin at `at` in `data`. */
const ADJUSTMENTS: ReadonlyMap<number, string> = new Map<number, string>([
  [ADJUST.invert, `return 1.0 - c;`],
  [ADJUST.levels, `      return vec3f(levels(at, c.r), levels(at + 10u, c.g), levels(at + 20u, c.b));`],
  [
    ADJUST.curves,
    `      return vec3f(
        curve(at, c.r),
        curve(at + ${CURVE_STEPS + 1}u, c.g),
        curve(at + ${2 * (CURVE_STEPS + 1)}u, c.b));`,
  ],
  [
    ADJUST['hue-saturation'],
    `      let hsl = rgb_to_hsl(c);
      let fixed_hue = data[at + 3u] != 0.0;
      let hue = select(hsl.x + data[at], data[at], fixed_hue);
      let saturation = clamp(select(hsl.y * (1.0 + data[at + 1u]), data[at + 1u], fixed_hue), 0.0, 1.0);
      let rgb = hsl_to_rgb(hue, saturation, hsl.z);
      let lightness = data[at + 2u];
      return rgb + (select(1.0, 0.0, lightness < 0.0) - rgb) * min(1.0, abs(lightness));`,
  ],
  [ADJUST['colour-balance'], `return balance(at, c);`],
  [
    ADJUST['gradient-map'],
    `      let grey = lum(c);
      let b = between(at + 2u, u32(data[at + 1u]), 4u, select(grey, 1.0 - grey, data[at] != 0.0));
      return mix(stop_colour(b.low), stop_colour(b.high), b.share);`,
  ],
  [ADJUST['brightness-contrast'], `      return unit3((c - 0.5) * data[at] + 0.5 + data[at + 1u]);`],
  [
    ADJUST.exposure,
    `      let linear = max(vec3f(0.0), pow(c, vec3f(${EXPOSURE_GAMMA})) * data[at] + data[at + 1u]);
      return unit3(pow(linear, vec3f(data[at + 2u])));`,
  ],
  [
    ADJUST.posterize,
    `      let count = data[at];
      return min(vec3f(count - 1.0), floor(c * count + ${JUMP})) / (count - 1.0);`,
  ],
  [ADJUST.threshold, `return vec3f(select(0.0, 1.0, lum(c) >= data[at] - ${JUMP}));`],
]);

/** Numbers of all adjustments. */
export const EVERY_ADJUSTMENT: ReadonlySet<number> = new Set(ADJUSTMENTS.keys());

/**
 * WGSL twin of adjust-colours.ts and fill-block.ts; parameters are read from `data` as encode-adjustment.ts and
 * encode-fill.ts write them.
 * @param adjusts numbers of those that `adjust` has to know.
 */
export function adjustShader(adjusts: ReadonlySet<number>): string {
  const cases = [...adjusts].map(
    (number) => `    case ${number}u: {\n${ADJUSTMENTS.get(number) ?? 'return c;'}\n    }`,
  );
  return `${FORMULAS}
fn adjust(place: u32, given_colour: vec3f) -> vec3f {
  let c = unit3(given_colour);
  let at = place + 1u;
  switch u32(data[place]) {
${cases.join('\n')}
    default: { return c; }
  }
}
`;
}

const FORMULAS = /* wgsl */ `
fn unit3(c: vec3f) -> vec3f {
  return clamp(c, vec3f(0.0), vec3f(1.0));
}

fn level(at: u32, value: f32) -> f32 {
  let t = clamp((value - data[at]) / data[at + 1u], 0.0, 1.0);
  let power = data[at + 2u];
  var bent = t;
  if (power != 1.0 && t > 0.0) { bent = pow(t, power); }
  return data[at + 3u] + data[at + 4u] * bent;
}

fn levels(at: u32, value: f32) -> f32 {
  return level(at + 5u, level(at, value));
}

fn curve(at: u32, value: f32) -> f32 {
  let x = clamp(value, 0.0, 1.0) * ${CURVE_STEPS}.0;
  let i = min(u32(x), ${CURVE_STEPS - 1}u);
  let low = data[at + i];
  return low + (data[at + i + 1u] - low) * (x - f32(i));
}

fn rgb_to_hsl(c: vec3f) -> vec3f {
  let high = max(max(c.r, c.g), c.b);
  let low = min(min(c.r, c.g), c.b);
  let chroma = high - low;
  let lightness = (high + low) / 2.0;
  var hue = 0.0;
  if (chroma > 0.0) {
    if (high == c.r) {
      hue = (c.g - c.b) / chroma;
      if (hue < 0.0) { hue += 6.0; }
    } else if (high == c.g) { hue = (c.b - c.r) / chroma + 2.0; }
    else { hue = (c.r - c.g) / chroma + 4.0; }
  }
  let room = 1.0 - abs(2.0 * lightness - 1.0);
  return vec3f(hue / 6.0, select(0.0, min(1.0, chroma / max(room, 1e-9)), room > 1e-9), lightness);
}

fn hsl_channel(turn: f32, reach: f32, lightness: f32, offset: f32) -> f32 {
  let k = (turn + offset) % 12.0;
  return lightness - reach * max(-1.0, min(min(k - 3.0, 9.0 - k), 1.0));
}

fn hsl_to_rgb(hue: f32, saturation: f32, lightness: f32) -> vec3f {
  let reach = saturation * min(lightness, 1.0 - lightness);
  let turn = (hue - floor(hue)) * 12.0;
  return vec3f(
    hsl_channel(turn, reach, lightness, 0.0),
    hsl_channel(turn, reach, lightness, 8.0),
    hsl_channel(turn, reach, lightness, 4.0));
}

/** Where the stops around a place lie in data, and the share of the upper one. */
struct Between { low: u32, high: u32, share: f32 }

fn between(at: u32, count: u32, width: u32, place: f32) -> Between {
  var next = 0u;
  while (next < count && data[at + next * width] <= place) { next++; }
  let low = at + (max(next, 1u) - 1u) * width;
  let high = at + min(count - 1u, next) * width;
  let span = data[high] - data[low];
  var share = 0.0;
  if (span > 0.0 && next > 0u) { share = (place - data[low]) / span; }
  return Between(low, high, share);
}

fn stop_colour(at: u32) -> vec3f {
  return vec3f(data[at + 1u], data[at + 2u], data[at + 3u]);
}

fn balance(at: u32, c: vec3f) -> vec3f {
  let dark = vec3f(data[at], data[at + 1u], data[at + 2u]);
  let middle = vec3f(data[at + 3u], data[at + 4u], data[at + 5u]);
  let light = vec3f(data[at + 6u], data[at + 7u], data[at + 8u]);
  let shifted = unit3(c + dark * (1.0 - c) * (1.0 - c) + middle * c * (1.0 - c) + light * c * c);
  if (data[at + 9u] == 0.0) { return shifted; }
  return set_lum(shifted, lum(c));
}

fn gradient_place(shape: u32, d: vec2f, p: vec2f) -> f32 {
  let square = max(1e-12, dot(d, d));
  let along = dot(p, d) / square;
  let across = (p.y * d.x - p.x * d.y) / square;
  switch shape {
    case 0u: { return along; }
    case 1u: { return length(vec2f(along, across)); }
    case 2u: {
      let turns = atan2(across, along) / 6.283185307179586;
      return select(turns, turns + 1.0, turns < 0.0);
    }
    case 3u: { return abs(along); }
    default: { return abs(along) + abs(across); }
  }
}

/** A fill's pixel, premultiplied. */
fn fill_pixel(place: u32, at: vec2i) -> vec4f {
  if (data[place] == 0.0) { return vec4f(stop_colour(place), 1.0); }
  let start = vec2f(data[place + 2u], data[place + 3u]);
  let end = vec2f(data[place + 4u], data[place + 5u]);
  let t = gradient_place(u32(data[place + 1u]), end - start, vec2f(at) + 0.5 - start);
  let b = between(place + 7u, u32(data[place + 6u]), 5u, t);
  let alpha = mix(data[b.low + 4u], data[b.high + 4u], b.share);
  return vec4f(mix(stop_colour(b.low), stop_colour(b.high), b.share) * alpha, alpha);
}
`;
