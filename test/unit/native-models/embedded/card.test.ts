import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EMBEDDED_CARD } from '../../../../native-models/embedded/card.ts';

const room = join(import.meta.dirname, '../../../../native-models/embedded');
const model = join(room, 'model');

const files = readdirSync(model, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(model.length + 1));

const json = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(model, path), 'utf8')) as Record<string, unknown>;

/** Number of weights a safetensors file declares, from its header alone. */
function countWeights(path: string): number {
  const bytes = readFileSync(join(model, path));
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString('utf8')) as Record<
    string,
    { shape?: number[] }
  >;
  return Object.values(header)
    .map((entry) => entry.shape?.reduce((a, b) => a * b, 1) ?? 0)
    .reduce((a, b) => a + b, 0);
}

describe('the embedded model is what its card says', () => {
  it('matches checksums.txt, file by file, with none missing and none added', () => {
    const listed = new Map(
      readFileSync(join(room, 'checksums.txt'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => [line.slice(66), line.slice(0, 64)] as const),
    );
    expect([...listed.keys()].sort()).toEqual([...files].sort());
    for (const [path, sum] of listed) {
      expect(
        createHash('sha256')
          .update(readFileSync(join(model, path)))
          .digest('hex'),
        path,
      ).toBe(sum);
    }
  });

  it('has the stated number of bytes and of weights', () => {
    const bytes = files.map((path) => statSync(join(model, path)).size).reduce((a, b) => a + b, 0);
    expect(bytes).toBe(EMBEDDED_CARD.bytes);
    expect(bytes).toBeLessThan(60 * 1024 * 1024);
    expect({
      textEncoder: countWeights('text_encoder/model.safetensors'),
      unet: countWeights('unet/diffusion_pytorch_model.safetensors'),
      autoencoder: countWeights('vae/diffusion_pytorch_model.safetensors'),
    }).toEqual(EMBEDDED_CARD.parameters);
  });

  it('states the sizes its configs state', () => {
    const unet = json('unet/config.json');
    const vae = json('vae/config.json');
    const blocks = (vae['block_out_channels'] as unknown[]).length;
    expect(2 ** (blocks - 1)).toBe(EMBEDDED_CARD.latentFactor);
    expect(vae['latent_channels']).toBe(EMBEDDED_CARD.latentChannels);
    expect(unet['in_channels']).toBe(EMBEDDED_CARD.latentChannels);
    expect(Number(unet['sample_size']) * EMBEDDED_CARD.latentFactor).toBe(EMBEDDED_CARD.nativeSize);
    const halvings = (unet['down_block_types'] as unknown[]).length - 1;
    expect(EMBEDDED_CARD.latentFactor * 2 ** halvings).toBe(EMBEDDED_CARD.sizeMultiple);
    expect(json('text_encoder/config.json')['max_position_embeddings']).toBe(EMBEDDED_CARD.maxTokens);
    expect(json('tokenizer/tokenizer_config.json')['model_max_length']).toBe(EMBEDDED_CARD.maxTokens);
  });
});

describe('the ControlNet beside it', () => {
  const config = JSON.parse(readFileSync(join(room, 'scribble/config.json'), 'utf8')) as Record<
    string,
    unknown
  >;

  it('is made for the sizes of the model', () => {
    const unet = json('unet/config.json');
    for (const name of ['in_channels', 'block_out_channels', 'cross_attention_dim', 'layers_per_block'])
      expect(config[name], name).toEqual(unet[name]);
    const widths = config['conditioning_embedding_out_channels'] as unknown[];
    expect(2 ** (widths.length - 1)).toBe(EMBEDDED_CARD.latentFactor);
  });

  it('leaves the whole folder, training and all, below 60 MB', () => {
    const bytes = readdirSync(room, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'))
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(60e6);
  });
});

describe('the words the card lists', () => {
  const vocabulary = json('tokenizer/vocab.json');
  const known = Object.values(EMBEDDED_CARD.words).flatMap((group) => [...group.words] as string[]);

  it('are each one token of the trained vocabulary', () => {
    for (const word of [...known, ...Object.keys(EMBEDDED_CARD.synonyms)]) {
      expect(vocabulary, word).toHaveProperty([`${word}</w>`]);
    }
    expect(new Set(known).size).toBe(known.length);
  });

  it('explain each synonym by a listed word', () => {
    for (const word of Object.values(EMBEDDED_CARD.synonyms)) expect(known).toContain(word);
  });

  it('make up the example prompts, but for joining words', () => {
    const joining = new Set([
      'a',
      'an',
      'the',
      'of',
      'in',
      'on',
      'at',
      'by',
      'and',
      'with',
      'during',
      'over',
      'under',
    ]);
    for (const { prompt, label } of EMBEDDED_CARD.examples) {
      expect(label.length).toBeLessThan(24);
      for (const word of prompt.match(/[a-z]+/g) ?? [])
        expect(joining.has(word) || known.includes(word), word).toBe(true);
    }
    expect(EMBEDDED_CARD.examples.length).toBeGreaterThanOrEqual(8);
  });
});
