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

/** What a prompt says over a run, in order: `text` at the steps before `to` that no earlier entry covers. */
export type EncodedRow = readonly { readonly to: number; readonly text: TextConditioning }[];

/** The text of a row at a step; the last one after its end. */
export function textAt(row: EncodedRow, step: number): TextConditioning {
  const found = row.find(({ to }) => step < to) ?? row.at(-1);
  if (found === undefined) throw new RangeError('a row of text has at least one entry');
  return found.text;
}
