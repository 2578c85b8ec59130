import type { InferenceHost } from '../inference/host/inference-host.ts';
import { loraError } from './check-lora.ts';
import { controlError, decoderError, encoderError, textError, unetError } from './check-networks.ts';
import { imageError, latentError, runPipeline } from './check-pipeline.ts';
import { type MadeUpCase, openMadeUpCase } from './made-up-case.ts';
import { compareRow, type VerifyRow } from './verify-row.ts';

/** Everything that the reference holds of one made-up model, in both layouts that models come in. */
export async function* checkModel(
  folder: string,
  name: string,
  host: Pick<InferenceHost, 'run'>,
): AsyncGenerator<VerifyRow> {
  for (const layout of ['single file', 'diffusers'] as const) {
    let one: MadeUpCase;
    try {
      one = await openMadeUpCase(folder, name, layout);
    } catch (error) {
      yield await compareRow(`${name} opened (${layout})`, () => Promise.reject(error as Error));
      continue;
    }
    try {
      yield* checkCase(one, host);
    } finally {
      await one.dispose();
    }
  }
}

async function* checkCase(one: MadeUpCase, host: Pick<InferenceHost, 'run'>): AsyncGenerator<VerifyRow> {
  const { vectors } = one;
  const row = (what: string, compute: () => Promise<number>): Promise<VerifyRow> =>
    compareRow(`${one.name} ${what} (${one.layout})`, compute);

  for (const number of [1, 2]) {
    for (const output of ['last', 'penultimate', 'pooled'] as const) {
      const what = `text${number}.${output}`;
      if (vectors.has(what)) yield await row(what, () => textError(one, number, output));
    }
  }
  if (vectors.has('unet.out')) yield await row('unet.out', () => unetError(one));
  if (vectors.has('control.out') && one.layout === 'diffusers') {
    yield await row('control.out', () => controlError(one));
  }
  if (vectors.has('lora.out')) yield await row('lora.out', () => loraError(one));
  if (vectors.has('vae.image')) yield await row('vae.mean', () => encoderError(one));
  if (vectors.has('vae.decoded')) yield await row('vae.decoded', () => decoderError(one));
  if (vectors.has('pipeline.final_latent')) {
    const run = runPipeline(one, host);
    // Both rows tell of a run that fails.
    run.catch(() => {});
    yield await row('pipeline.final_latent', async () => latentError(one, await run));
    yield await row('pipeline.image', async () => imageError(one, await run));
  }
}
