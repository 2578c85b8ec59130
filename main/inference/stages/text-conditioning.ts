/** A prompt as the denoiser takes it; arrays that a family does not use are empty. */
export interface TextConditioning {
  /** Hidden states `[tokens, width]`. */
  readonly states: Float32Array;
  readonly tokens: number;
  /** SDXL: the second encoder's projected state, `[1280]`. */
  readonly pooled: Float32Array;
  /** SDXL: original height and width, crop top and left, target height and width. */
  readonly timeIds: Float32Array;
}
