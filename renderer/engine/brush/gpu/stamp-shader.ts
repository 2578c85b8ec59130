/** Threads of a workgroup along each axis. */
export const STAMP_WORKGROUP = 8;

/** 32-bit words of one dab, in the order of the shader's struct. */
export const DAB_WORDS = 12;

/**
 * WGSL twin of round-tip.ts and stroke-buffer.ts: each thread is a pixel of one tile and takes the dabs in their order.
 * Bindings: 0 where in the tile and how many dabs, 1 the dabs, 2 the tile's cover, 3 the grain (65,536 factors).
 */
export const STAMP_SHADER = /* wgsl */ `
const REACHED = 1e-4;

struct Where {
  origin: vec2u,
  size: vec2u,
  dabs: u32,
  grained: u32,
}

struct Dab {
  centre: vec2f,
  radius: f32,
  turn: vec2f,
  stretch: f32,
  samples: u32,
  edge: f32,
  half_ramp: f32,
  limit: f32,
  weight: f32,
}

@group(0) @binding(0) var<uniform> given: Where;
@group(0) @binding(1) var<storage, read> words: array<f32>;
@group(0) @binding(2) var<storage, read_write> cover: array<f32>;
@group(0) @binding(3) var<storage, read> grain: array<f32>;

fn dab_at(index: u32) -> Dab {
  let i = index * ${DAB_WORDS}u;
  return Dab(
    vec2f(words[i], words[i + 1u]), words[i + 2u], vec2f(words[i + 3u], words[i + 4u]), words[i + 5u],
    u32(words[i + 6u]), words[i + 7u], words[i + 8u], words[i + 9u], words[i + 10u],
  );
}

fn cover_at(dab: Dab, offset: vec2f) -> f32 {
  let u = dot(offset, dab.turn);
  let v = (offset.y * dab.turn.x - offset.x * dab.turn.y) * dab.stretch;
  let d = sqrt(u * u + v * v);
  if (d > dab.radius + 1.0 + dab.stretch) { return 0.0; }
  var half_ramp = dab.half_ramp;
  if (dab.stretch != 1.0 && d > 0.0) {
    let gradient = sqrt(u * u + v * v * dab.stretch * dab.stretch) / d;
    half_ramp = max(half_ramp, 0.5 / f32(dab.samples) * gradient);
  }
  let t = clamp((dab.edge + half_ramp - d) / (2.0 * half_ramp), 0.0, 1.0);
  return t * t * (3.0 - 2.0 * t);
}

fn mean_cover(dab: Dab, pixel: vec2f) -> f32 {
  if (dab.samples == 1u) { return cover_at(dab, pixel + 0.5 - dab.centre); }
  let n = f32(dab.samples);
  var sum = 0.0;
  for (var v = 0u; v < dab.samples; v++) {
    for (var u = 0u; u < dab.samples; u++) {
      sum += cover_at(dab, pixel + (vec2f(f32(u), f32(v)) + 0.5) / n - dab.centre);
    }
  }
  return sum / (n * n);
}

@compute @workgroup_size(${STAMP_WORKGROUP}, ${STAMP_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id.xy >= given.size)) { return; }
  let at = given.origin + id.xy;
  let index = at.y * 256u + at.x;
  var value = cover[index];
  let grained = select(1.0, grain[index], given.grained != 0u);
  for (var i = 0u; i < given.dabs; i++) {
    let dab = dab_at(i);
    if (value >= dab.limit) { continue; }
    let after = value + dab.weight * mean_cover(dab, vec2f(at)) * grained * (dab.limit - value);
    value = select(after, dab.limit, dab.limit - after < REACHED);
  }
  cover[index] = value;
}
`;
