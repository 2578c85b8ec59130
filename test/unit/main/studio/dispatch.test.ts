import { describe, expect, test, vi } from 'vitest';
import { requests, StudioError, studioErrorSchema } from '../../../../preload/contract/index.ts';
import { InferenceError } from '../../../../main/inference/errors.ts';
import { createDispatch } from '../../../../main/studio/dispatch.ts';
import type { Handlers } from '../../../../main/studio/handlers.ts';
import { ModelError } from '../../../../native-models/errors.ts';

const start = {
  modelId: 'embedded',
  prompt: 'a boat',
  negative: '',
  sampler: 'ddim',
  steps: 20,
  guidance: 4.5,
  seed: 1,
  noise: 'philox',
  width: 256,
  height: 256,
  init: null,
  adapters: [],
};

/** Handlers that answer nothing but what a test gives. */
function dispatchWith(handlers: Partial<Handlers>, log: (error: unknown) => void = () => {}) {
  const unexpected = () => {
    throw new Error('this handler was not expected to run');
  };
  const all = Object.fromEntries(
    Object.keys(requests).map((name) => [name, unexpected]),
  ) as unknown as Handlers;
  return createDispatch({ ...all, ...handlers }, log);
}

describe('what a person can act on comes back as data', () => {
  test.each([
    [new StudioError('document/exists', 'There is one.', 'Rename it.'), 'document/exists'],
    [new ModelError('file-truncated', 'It ends early.', 'Copy it again.'), 'model/file-truncated'],
    [
      new InferenceError('inference/out-of-memory', 'It does not fit.', 'Make it smaller.'),
      'inference/out-of-memory',
    ],
  ])('%s', async (error, code) => {
    const log = vi.fn();
    const dispatch = dispatchWith({ 'models.list': () => Promise.reject(error) }, log);
    const answer = await dispatch('models.list', {});
    expect(answer).toEqual({ ok: false, error: { code, message: error.message, remedy: error.remedy } });
    expect(studioErrorSchema.parse(answer.ok ? null : answer.error)).toBeTruthy();
    expect(log).not.toHaveBeenCalled();
  });

  test.each([new TypeError('x is undefined'), 'a string', undefined])(
    'a bug (%s) is logged and kept at home',
    async (bug) => {
      const log = vi.fn();
      const dispatch = dispatchWith(
        {
          'models.list': () => {
            throw bug;
          },
        },
        log,
      );
      const answer = await dispatch('models.list', {});
      expect(answer).toMatchObject({ ok: false, error: { code: 'studio/bug' } });
      expect(JSON.stringify(answer)).not.toContain('undefined');
      expect(log).toHaveBeenCalledWith(bug);
    },
  );
});

test.each(['nope', '', '__proto__', 'constructor', 7, null, undefined, {}])(
  'there is no request %j',
  async (name) => {
    expect(await dispatchWith({})(name, {})).toMatchObject({
      ok: false,
      error: { code: 'studio/unknown-request' },
    });
  },
);

describe('parameters that do not fit are named with their value', () => {
  test.each([
    [{ ...start, width: 0 }, 'width is 0; at least 64 is needed'],
    [{ ...start, width: 100_000 }, 'width is 100000; at most 4096 fits'],
    [{ ...start, prompt: 'x'.repeat(100_000) }, 'prompt has 100000 characters; at most 20000 fits'],
    [{ ...start, steps: 0 }, 'steps is 0'],
    [{ ...start, steps: 2.5 }, 'steps is 2.5; a whole number is needed'],
    [{ ...start, guidance: Number.NaN }, 'guidance is NaN'],
    [{ ...start, seed: -1 }, 'seed is -1'],
    [{ ...start, noise: 'white' }, 'noise is "white"; one of philox, torch-cpu is needed'],
    [{ ...start, prompt: undefined }, 'prompt is missing; a string is needed'],
    [
      { ...start, init: { raster: { width: 2, height: 2, rgba: new Uint8Array(15) }, strength: 0.5 } },
      'init.raster: rgba must hold width × height × 4 bytes',
    ],
    [
      { ...start, init: { raster: { width: 1, height: 1, rgba: new Uint8Array(4) }, strength: Number.NaN } },
      'init.strength is NaN',
    ],
    [null, 'the request is null; an object is needed'],
  ])('%#', async (params, words) => {
    const answer = await dispatchWith({})('generation.start', params);
    expect(answer).toMatchObject({ ok: false, error: { code: 'studio/invalid-params' } });
    expect(answer.ok ? '' : answer.error.message).toContain(words);
    expect(answer.ok ? '' : answer.error.message.length).toBeLessThan(400);
  });

  test('a hostile object cannot make it throw', async () => {
    const trap = new Proxy(
      {},
      {
        get() {
          throw new Error('no');
        },
      },
    );
    expect(await dispatchWith({})('generation.start', trap)).toMatchObject({ ok: false });
  });
});

test('a handler is given what its schema parsed, and its result is passed on', async () => {
  const dispatch = dispatchWith({ 'generation.start': ({ seed }) => ({ jobId: `job ${seed}` }) });
  expect(await dispatch('generation.start', { ...start, extra: 'dropped' })).toEqual({
    ok: true,
    value: { jobId: 'job 1' },
  });
});
