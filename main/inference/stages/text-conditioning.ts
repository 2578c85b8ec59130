/** A run of tokens: the scene's, those of a region by its number, or padding that is seen nowhere. */
export interface TextPlace {
  readonly tokens: number;
  readonly of: 'scene' | 'nowhere' | number;
}

/** A prompt as the denoiser takes it; arrays that a family does not use are empty. */
export interface TextConditioning {
  /** Hidden states `[tokens, width]`. */
  readonly states: Float32Array;
  readonly tokens: number;
  /** SDXL: the second encoder's projected state, `[1280]`. */
  readonly pooled: Float32Array;
  /** Whose words the tokens are, in their order; left out, all are the scene's. */
  readonly places?: readonly TextPlace[];
  /** SDXL: original height and width, crop top and left, target height and width. */
  readonly timeIds: Float32Array;
}
