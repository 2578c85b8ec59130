import { expect, test } from 'vitest';
import { chooseForm, type FormGate } from '../../../../main/generation/choose-form.ts';
import type { ComputeSettings } from '../../../../main/inference/protocol.ts';
import { openVerdictStore, type VerdictStore } from '../../../../main/verify/verdict-store.ts';
import { failed, judge } from '../../../../main/verify/model-verdict.ts';
import { scratchFolder } from '../../../fixtures/scratch-folder.ts';
import { model, MODEL_HASH } from './service-fixture.ts';

const dataFolder = scratchFolder();
let count = 0;
function fresh(): { gate: FormGate; store: VerdictStore } {
  const store = openVerdictStore(`${dataFolder}/${count++}`);
  return { gate: { verdicts: store, dataFolder }, store };
}
const processor: ComputeSettings = { provider: 'cpu', precision: 'fp32', threads: 2 };
const card: ComputeSettings = { provider: 'cuda', precision: 'fp32', threads: 2 };
const large = 2 ** 40;
const report = (compute: ComputeSettings, memoryBytes = large) => ({ compute, memoryBytes });

test('the processor in fp32 needs no leave', async () => {
  const { gate } = fresh();
  for (const asked of ['auto', 'fp32'] as const) {
    const chosen = await chooseForm(asked, model, report(processor), gate);
    expect(chosen).toEqual({ compute: processor, check: null, notices: [] });
  }
});

test('every other form is checked before its first use, and used once it was found equal', async () => {
  const { gate, store } = fresh();
  const forms = [
    ['int8', processor, { provider: 'cpu', precision: 'fp32', linear: 'int8' }],
    ['int4', processor, { provider: 'cpu', precision: 'fp32', linear: 'int4' }],
    ['fp16', processor, { provider: 'cpu', precision: 'fp16', linear: null }],
    ['auto', card, { provider: 'cuda', precision: 'fp16', linear: null }],
  ] as const;
  for (const [asked, device, form] of forms) {
    expect((await chooseForm(asked, model, report(device), gate)).check).toEqual(form);
    store.keep(MODEL_HASH, judge(form, 1e-4, ''));
    const chosen = await chooseForm(asked, model, report(device), gate);
    expect(chosen.check).toBeNull();
    expect(chosen.compute.precision).toBe(form.precision);
    expect(chosen.compute.linear ?? null).toBe(form.linear);
  }
  expect((await chooseForm('int8', model, report(processor), gate)).fewerBits).toMatchObject({
    source: MODEL_HASH,
    reserve: [],
  });
});

test('a form that was found wrong is refused by name with the way out', async () => {
  const { gate, store } = fresh();
  store.keep(MODEL_HASH, judge({ provider: 'cpu', precision: 'fp32', linear: 'int4' }, 0.7, ''));
  await expect(chooseForm('int4', model, report(processor), gate)).rejects.toMatchObject({
    code: 'generation/form-refused',
    message: expect.stringMatching(/cpu fp32 int4.*7\.0e-1/),
    remedy: expect.stringMatching(/impasto verify/),
  });
});

test('what this machine does best gives way form by form, down to the processor, and says so', async () => {
  const { gate, store } = fresh();
  store.keep(MODEL_HASH, failed({ provider: 'cuda', precision: 'fp16', linear: null }, 'gave no numbers'));
  expect((await chooseForm('auto', model, report(card), gate)).check).toMatchObject({ precision: 'fp32' });
  store.keep(MODEL_HASH, judge({ provider: 'cuda', precision: 'fp32', linear: null }, 0.5, ''));
  const { compute, check, notices } = await chooseForm('auto', model, report(card), gate);
  expect({ compute, check }).toEqual({ compute: processor, check: null });
  expect(notices.map(({ message }) => message)).toEqual([
    expect.stringMatching(/cuda fp16 .*gave no numbers/),
    expect.stringMatching(/cuda fp32 .*off by 5\.0e-1/),
  ]);
});

test('a model that is large for the machine may fall back to fewer bits, but for those found wrong', async () => {
  const { gate, store } = fresh();
  const small = model.card.bytes * 2;
  const schemes = async () =>
    (await chooseForm('auto', model, report(processor, small), gate)).fewerBits?.reserve.map(
      ({ scheme }) => scheme,
    );
  expect(await schemes()).toEqual(['int8', 'int4']);
  store.keep(MODEL_HASH, judge({ provider: 'cpu', precision: 'fp32', linear: 'int8' }, 0.7, ''));
  expect(await schemes()).toEqual(['int4']);
});
