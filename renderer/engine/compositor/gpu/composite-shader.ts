import { BLOCK_SIZE } from '../block.ts';
import { DISSOLVE } from '../blend-row.ts';
import { HARD_MIX } from '../fill-opacity.ts';
import { adjustShader, EVERY_ADJUSTMENT } from './adjust-shader.ts';
import { blendShader, EVERY_MODE } from './blend-shader.ts';
import { OP, STACK_DEPTH } from './program.ts';
import type { ShaderNeeds } from './shader-needs.ts';

/** Threads of a workgroup along each axis. */
export const WORKGROUP = 8;

/** What a shader that runs any program has to hold. */
export const EVERY_NEED: ShaderNeeds = {
  ops: new Set(Object.values(OP)),
  modes: EVERY_MODE,
  adjusts: EVERY_ADJUSTMENT,
  weakens: true,
  masks: true,
};

/**
 * WGSL that runs a compositing program for each pixel of a rectangle: twin of evaluate.ts and composite-block.ts.
 * Bindings: 0 parameters, 1 program (two vec4u an instruction), 2 slot of each layer's tile, then of each mask's (tile by
 * tile; NONE where there is none), 3 the tile atlas, 4 the masks' atlas, 5 parameters of fills and adjustments, 6 packed
 * RGBA8 out, `stride` pixels a row, 7 which instructions each block runs (block-lists.ts).
 * @param needs what it can do; the less, the quicker it is compiled and, on a card in software, run.
 */
export function compositeShader(needs: ShaderNeeds): string {
  const { ops, modes, adjusts, weakens, masks } = needs;
  const cases = [...ops].filter((op) => op !== OP.tileOver).map((op) => OPERATIONS[op] ?? '');
  const last = ops.has(OP.tileOver) ? TILE_OVER : '';
  return `${PARAMETERS}
${blendShader(modes)}
${adjustShader(adjusts)}
${overShader(modes, weakens)}
/** How much an instruction's mask shows of a pixel. */
fn mask_share(more: vec4u, table: u32, inside: vec2i) -> f32 {${masks ? MASK_SHARE : ' return 1.0; '}}

@compute @workgroup_size(${WORKGROUP}, ${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id.xy >= given.size)) { return; }
  let at = given.origin + vec2i(id.xy);
  // An arithmetic shift is a division that rounds down, below zero too.
  let tile = vec2u((at >> vec2u(8u)) - given.first_tile);
  let inside = at & vec2i(255);
  let table = (tile.y * given.tiles_across + tile.x) * (given.layers + given.masks);
  let block = vec2u((at >> vec2u(${Math.log2(BLOCK_SIZE)}u)) - given.first_block);
  let listed = (block.y * given.blocks_across + block.x) * 2u;
  let first = lists[listed];
  let end = first + lists[listed + 1u];
  ${cases.length > 0 ? `var stack: array<vec4f, ${STACK_DEPTH}>;\n  var top = 0u;` : 'var stack: array<vec4f, 1>;\n  const top = 0u;'}
  stack[0] = vec4f(0.0);
  for (var i = first; i < end; i++) {
    let step = program[2u * lists[i]];
    let more = program[2u * lists[i] + 1u];
    let fill = bitcast<f32>(more.x);
    let opacity = bitcast<f32>(step.w) * mask_share(more, table, inside);
${cases.length > 0 ? `    switch step.x {\n${cases.join('')}      default: {${last}}\n    }` : last}
  }
  result[given.offset + id.y * given.stride + id.x] = pack(stack[0]);
}
`;
}

const PARAMETERS = /* wgsl */ `
const NONE = 0xffffffffu;

struct Parameters {
  origin: vec2i,
  size: vec2u,
  first_tile: vec2i,
  tiles_across: u32,
  layers: u32,
  blocks_across: u32,
  straight: u32,
  stride: u32,
  offset: u32,
  masks: u32,
  /** Largest value of a stored channel. */
  maximum: f32,
  first_block: vec2i,
}

@group(0) @binding(0) var<uniform> given: Parameters;
@group(0) @binding(1) var<storage, read> program: array<vec4u>;
@group(0) @binding(2) var<storage, read> slots: array<u32>;
@group(0) @binding(3) var atlas: texture_2d_array<u32>;
@group(0) @binding(4) var mask_atlas: texture_2d_array<u32>;
@group(0) @binding(5) var<storage, read> data: array<f32>;
@group(0) @binding(6) var<storage, read_write> result: array<u32>;
@group(0) @binding(7) var<storage, read> lists: array<u32>;

fn straight_colour(c: vec4f) -> vec3f {
  return select(vec3f(0.0), min(c.rgb / c.a, vec3f(1.0)), c.a > 0.0);
}

fn pack(c: vec4f) -> u32 {
  let rgb = select(c.rgb, straight_colour(c), given.straight != 0u);
  let bytes = vec4u(clamp(vec4f(rgb, c.a), vec4f(0.0), vec4f(1.0)) * 255.0 + 0.5);
  return bytes.r | (bytes.g << 8u) | (bytes.b << 16u) | (bytes.a << 24u);
}
`;

const MASK_SHARE = /* wgsl */ `
  if (more.y == NONE) { return 1.0; }
  let slot = slots[table + given.layers + more.y];
  var value = bitcast<f32>(more.w);
  if (slot != NONE) { value = f32(textureLoad(mask_atlas, inside, slot, 0).r) / given.maximum; }
  return 1.0 - bitcast<f32>(more.z) * (1.0 - value);
`;

const COVER_DISSOLVED = /* wgsl */ `
  if (mode != ${DISSOLVE}u) { return alpha; }
  return select(0.0, 1.0, alpha > dissolve_threshold(at));
`;

const BLEND_WEAKENED = /* wgsl */ `
  if (fill == 1.0) { return blend(mode, cb, cs); }
  switch mode {
    case ${HARD_MIX}u: { return clamp((cb - fill * (1.0 - cs)) / (1.0 - fill), vec3f(0.0), vec3f(1.0)); }
    case 6u, 10u, 19u: { return blend(mode, cb, fill * cs); }
    case 7u, 17u: { return blend(mode, cb, 1.0 + fill * (cs - 1.0)); }
    default: { return blend(mode, cb, 0.5 + fill * (cs - 0.5)); }
  }
`;

/** Laying a source over a backdrop, and clipping one to a base. */
function overShader(modes: ReadonlySet<number>, weakens: boolean): string {
  const plain = [...modes].every((mode) => mode === 0 || mode === DISSOLVE);
  return /* wgsl */ `
fn cover(alpha: f32, mode: u32, at: vec2i) -> f32 {${modes.has(DISSOLVE) ? COVER_DISSOLVED : ' return alpha; '}}

fn blend_filled(mode: u32, cb: vec3f, cs: vec3f, fill: f32) -> vec3f {${
    weakens ? BLEND_WEAKENED : ` return ${plain ? 'cs' : 'blend(mode, cb, cs)'}; `
  }}

fn over(backdrop: vec4f, cs: vec3f, alpha: f32, mode: u32, fill: f32, at: vec2i) -> vec4f {
  let a = cover(alpha, mode, at);
  if (a == 0.0) { return backdrop; }
  var mixed = fill * cs;
${plain ? '' : MIXED}
  return vec4f((1.0 - a) * backdrop.rgb + a * mixed, backdrop.a + a * fill * (1.0 - backdrop.a));
}

fn clip_to(base: vec4f, cs: vec3f, alpha: f32, mode: u32, fill: f32, at: vec2i) -> vec4f {
  let a = cover(alpha, mode, at);
  if (a == 0.0 || base.a == 0.0) { return base; }
  return vec4f(
    (1.0 - a) * base.rgb + a * base.a * blend_filled(mode, straight_colour(base), cs, fill),
    base.a);
}
`;
}

const MIXED = /* wgsl */ `
  if (mode != 0u && backdrop.a > 0.0) {
    mixed = (1.0 - backdrop.a) * fill * cs +
      backdrop.a * blend_filled(mode, straight_colour(backdrop), cs, fill);
  }`;

const TILE_OVER = /* wgsl */ `
        let slot = slots[table + step.y];
        if (slot != NONE) {
          let c = vec4f(textureLoad(atlas, inside, slot, 0)) / given.maximum;
          stack[top] = over(stack[top], c.rgb, c.a * opacity, step.z, fill, at);
        }
`;

/** What each operation does, by its number; `tileOver` stands by itself. */
const OPERATIONS: Readonly<Record<number, string>> = {
  [OP.clear]: /* wgsl */ `
      case ${OP.clear}u: {
        top++;
        stack[top] = vec4f(0.0);
      }
`,
  [OP.copy]: /* wgsl */ `
      case ${OP.copy}u: {
        stack[top + 1u] = stack[top];
        top++;
      }
`,
  [OP.tile]: /* wgsl */ `
      case ${OP.tile}u: {
        top++;
        let slot = slots[table + step.y];
        stack[top] = vec4f(0.0);
        if (slot != NONE) {
          let c = vec4f(textureLoad(atlas, inside, slot, 0)) / given.maximum;
          stack[top] = vec4f(c.rgb * c.a, c.a);
        }
      }
`,
  [OP.fill]: /* wgsl */ `
      case ${OP.fill}u: {
        top++;
        stack[top] = fill_pixel(step.y, at);
      }
`,
  [OP.adjust]: /* wgsl */ `
      case ${OP.adjust}u: {
        stack[top + 1u] = vec4f(adjust(step.y, straight_colour(stack[top])), 1.0);
        top++;
      }
`,
  [OP.over]: /* wgsl */ `
      case ${OP.over}u: {
        let s = stack[top];
        top--;
        stack[top] = over(stack[top], straight_colour(s), s.a * opacity, step.z, fill, at);
      }
`,
  [OP.clip]: /* wgsl */ `
      case ${OP.clip}u: {
        let s = stack[top];
        top--;
        stack[top] = clip_to(stack[top], straight_colour(s), s.a * opacity, step.z, fill, at);
      }
`,
  [OP.mix]: /* wgsl */ `
      case ${OP.mix}u: {
        let s = stack[top];
        top--;
        stack[top] = stack[top] + opacity * (s - stack[top]);
      }
`,
};
