import { expect, it } from 'vitest';
import { sessionOptions } from '../../../../../main/inference/sessions/session-options.ts';

const options = (weightBytes: number) =>
  sessionOptions(
    { weightBytes, weightsFolder: undefined },
    { provider: 'cpu', precision: 'fp32', threads: 2 },
    'cpu',
  );

it('lays out memory ahead for small networks only, where it is not held twice over', () => {
  expect(options(50 * 2 ** 20).enableMemPattern).toBe(true);
  expect(options(1700 * 2 ** 20).enableMemPattern).toBe(false);
});
