import type { GenerationRequest, Raster, RequestParams } from '../../preload/contract/index.ts';
import type { GenerationForm } from './generation-store.ts';
import { activeAdapters, useShelf } from './shelf-store.ts';

/** The form as the studio wants it, without pixels. */
function baseRequest(form: GenerationForm, seed: number): Omit<GenerationRequest, 'init'> {
  return {
    modelId: form.modelId,
    prompt: form.prompt,
    negative: form.negative,
    sampler: form.sampler,
    steps: form.steps,
    guidance: form.guidance,
    seed,
    noise: 'philox',
    width: form.width,
    height: form.height,
    precision: form.precision,
    adapters: activeAdapters(useShelf.getState()),
  };
}

/** What a press of the button asks for. */
export function buildRequest(form: GenerationForm, seed: number, init: Raster | null): GenerationRequest {
  return { ...baseRequest(form, seed), init: init && { raster: init, strength: form.strength } };
}

/** What the button asks for its price; `strength` is null when nothing in the frame is followed. */
export function buildPriceRequest(
  form: GenerationForm,
  strength: number | null,
): RequestParams<'generation.price'> {
  return { ...baseRequest(form, form.seed), strength };
}

/** A fresh seed: 32 random bits, short enough to read out. */
export function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
