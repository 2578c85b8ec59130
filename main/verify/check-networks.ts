import { join } from 'node:path';
import { buildClipText } from '../../native-models/architectures/clip-text.ts';
import { buildControlnet } from '../../native-models/architectures/controlnet.ts';
import { buildUnet } from '../../native-models/architectures/unet.ts';
import { buildVaeDecoder } from '../../native-models/architectures/vae-decoder.ts';
import { buildVaeEncoder } from '../../native-models/architectures/vae-encoder.ts';
import { openControlnet } from '../../native-models/checkpoints/open-controlnet.ts';
import type { MadeUpCase } from './made-up-case.ts';
import type { Vector } from './read-vectors.ts';
import { outputOf, runNetwork } from './run-network.ts';
import { relativeError } from './verify-row.ts';

const TEXT_OUTPUTS = {
  last: 'last_hidden_state',
  penultimate: 'penultimate_hidden_state',
  pooled: 'pooled',
} as const;

/** Error of one output of one text encoder (`number` from 1) for the reference's ids. */
export async function textError(
  { checkpoint, vectors }: MadeUpCase,
  number: number,
  output: keyof typeof TEXT_OUTPUTS,
): Promise<number> {
  const encoder = checkpoint.textEncoders[number - 1];
  if (encoder === undefined) throw new Error(`the model has no text encoder ${number}`);
  const ids = await vectors.get('input_ids');
  const built = buildClipText(encoder, { batch: ids.shape[0] ?? 1 });
  const outputs = await runNetwork(built, encoder.weights, { input_ids: ids });
  return relativeError(
    outputOf(outputs, TEXT_OUTPUTS[output]),
    await vectors.floats(`text${number}.${output}`),
  );
}

/** Sizes of the reference's UNet call, and its inputs. */
export async function unetCall({ vectors, checkpoint }: MadeUpCase) {
  const sample = await vectors.get('unet.sample');
  const context = await vectors.get('unet.context');
  const [batch = 1, , height = 1, width = 1] = sample.shape;
  const timesteps = await vectors.floats('unet.timestep');
  const inputs: Record<string, Vector> = {
    sample,
    timestep: {
      shape: [batch],
      data: Float32Array.from({ length: batch }, (_, i) => timesteps[i] ?? timesteps[0] ?? 0),
    },
    encoder_hidden_states: context,
  };
  if (checkpoint.unet.config.addedConditions !== undefined) {
    inputs['text_embeds'] = await vectors.get('unet.text_embeds');
    inputs['time_ids'] = await vectors.get('unet.time_ids');
  }
  return { size: { batch, height, width, contextTokens: context.shape[1] ?? 77 }, inputs };
}

/** Error of one evaluation of the denoiser. */
export async function unetError(one: MadeUpCase): Promise<number> {
  const { unet } = one.checkpoint;
  const { size, inputs } = await unetCall(one);
  const outputs = await runNetwork(buildUnet(unet, size), unet.weights, inputs);
  return relativeError(outputOf(outputs, 'out_sample'), await one.vectors.floats('unet.out'));
}

/** Error of the same evaluation with the reference's ControlNet, which only a diffusers folder can hold. */
export async function controlError(one: MadeUpCase): Promise<number> {
  const { unet } = one.checkpoint;
  const { size, inputs } = await unetCall(one);
  const net = await openControlnet(join(one.path, 'controlnet'));
  const residuals = await runNetwork(buildControlnet(net, size), net.weights, {
    ...inputs,
    control_hint: await one.vectors.get('control.hint'),
    control_scale: { shape: [1], data: Float32Array.of(one.settings.control_scale) },
  });
  const built = buildUnet(unet, { ...size, control: true });
  const control = [...residuals].map(([name, data]): [string, Vector] => [
    name,
    { shape: built.inputs.get(name)?.shape.map(Number) ?? [data.length], data },
  ]);
  const outputs = await runNetwork(built, unet.weights, { ...inputs, ...Object.fromEntries(control) });
  return relativeError(outputOf(outputs, 'out_sample'), await one.vectors.floats('control.out'));
}

/** Error of the autoencoder's mean of a picture, before any scaling. */
export async function encoderError({ checkpoint, vectors }: MadeUpCase): Promise<number> {
  const { vae } = checkpoint;
  if (vae === undefined) throw new Error('the model has no autoencoder');
  const image = await vectors.get('vae.image');
  const [batch = 1, , height = 1, width = 1] = (await vectors.get('vae.mean')).shape;
  const outputs = await runNetwork(buildVaeEncoder(vae, { batch, height, width }), vae.weights, { image });
  return relativeError(outputOf(outputs, 'mean'), await vectors.floats('vae.mean'));
}

/** Error of the picture that the autoencoder makes of that mean. */
export async function decoderError({ checkpoint, vectors }: MadeUpCase): Promise<number> {
  const { vae } = checkpoint;
  if (vae === undefined) throw new Error('the model has no autoencoder');
  const latent = await vectors.get('vae.mean');
  const [batch = 1, , height = 1, width = 1] = latent.shape;
  const outputs = await runNetwork(buildVaeDecoder(vae, { batch, height, width }), vae.weights, { latent });
  return relativeError(outputOf(outputs, 'image'), await vectors.floats('vae.decoded'));
}
