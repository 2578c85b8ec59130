import type { Preview, RgbaImage } from '../protocol.ts';
import type { FinishedStep } from './denoise.ts';
import type { LatentShape } from './latent-scale.ts';
import { toRgba } from './pixels.ts';
import { fitProjection, projectLatent, type PreviewProjection } from './preview-projection.ts';

/** Milliseconds between two previews at least. */
const LEAST_INTERVAL = 250;
/** Share of the denoising time that previews may take. */
const MOST_SHARE = 0.12;
/** With fewer steps than this, no decoding is spent on the first projection of a model. */
const STEPS_WORTH_FITTING = 10;

/** Values of a picture up to which it waits to be fitted until a preview asks; larger ones would hold memory. */
const FITTED_LATER_BELOW = 2 ** 22;

/** What is known of a decoder from earlier previews and pictures. */
export interface DecoderExperience {
  /** The projection that was fitted last, or how to fit it. */
  projection?: PreviewProjection | (() => PreviewProjection);
  /** Milliseconds that decoding took last, by pixels. */
  readonly decodeMilliseconds: Map<number, number>;
}

/** What previews of one run need. */
export interface PreviewSource {
  readonly shape: LatentShape;
  /** Pixels along each side of a cell. */
  readonly cell: number;
  readonly steps: number;
  readonly every: number;
  readonly experience: DecoderExperience;
  /** Decodes a latent to `[3, height, width]`. */
  readonly decode: (latent: Float32Array) => Promise<Float32Array>;
}

/**
 * Pictures of where a run is heading: the clean latent that the last evaluation stands for, through
 * the real decoder where that costs little, else through a linear projection fitted to it.
 */
export class Previews {
  readonly #source: PreviewSource;
  #last = Number.NEGATIVE_INFINITY;
  #spent = 0;
  #denoised = 0;

  constructor(source: PreviewSource) {
    this.#source = source;
  }

  /** The preview after a step, or undefined where none is due. */
  async after(finished: FinishedStep): Promise<Preview | undefined> {
    const { every, steps } = this.#source;
    const { step } = finished.state;
    this.#denoised += finished.milliseconds;
    const start = performance.now();
    const due = every > 0 && step % every === 0 && step < steps && start - this.#last >= LEAST_INTERVAL;
    if (!due) return undefined;
    const image = await this.#picture(finished.state.clean);
    if (image === undefined) return undefined;
    this.#last = start;
    this.#spent += performance.now() - start;
    return { ...image, step };
  }

  /** Remembers a decoded picture, so that the next previews are better for free. */
  learn(latent: Float32Array, picture: Float32Array, milliseconds: number): void {
    const { shape, cell, experience } = this.#source;
    const fit = (): PreviewProjection => fitProjection(latent, shape, picture, cell);
    // Most pictures are the last of their run, which nothing is previewed after.
    experience.projection = picture.length <= FITTED_LATER_BELOW ? fit : fit();
    experience.decodeMilliseconds.set(picture.length, milliseconds);
  }

  async #picture(latent: Float32Array): Promise<RgbaImage | undefined> {
    const { shape, cell, experience } = this.#source;
    const pixels = 3 * shape.height * shape.width * cell * cell;
    const cost = experience.decodeMilliseconds.get(pixels);
    const affordable = cost !== undefined && this.#spent + cost <= MOST_SHARE * this.#denoised;
    const { projection } = experience;
    if (!affordable && projection !== undefined) {
      const fitted = typeof projection === 'function' ? projection() : projection;
      experience.projection = fitted;
      return projectLatent(latent, shape, fitted);
    }
    if (!affordable && this.#source.steps < STEPS_WORTH_FITTING) return undefined;
    const start = performance.now();
    const picture = await this.#source.decode(latent);
    this.learn(latent, picture, performance.now() - start);
    return toRgba(picture, shape.width * cell, shape.height * cell);
  }
}
