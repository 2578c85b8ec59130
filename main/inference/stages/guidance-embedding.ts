/**
 * The embedding by which a guidance-distilled UNet is told the guidance scale, `[dimension]`, as
 * diffusers' `get_guidance_scale_embedding` makes it (arXiv:2310.04378; VDM, arXiv:2107.00630).
 */
export function guidanceEmbedding(guidance: number, dimension: number): Float32Array {
  const half = Math.floor(dimension / 2);
  const out = new Float32Array(dimension);
  for (let i = 0; i < half; i += 1) {
    const angle = (guidance - 1) * 1000 * Math.exp((-Math.log(10_000) * i) / (half - 1));
    out[i] = Math.sin(angle);
    out[half + i] = Math.cos(angle);
  }
  return out;
}
