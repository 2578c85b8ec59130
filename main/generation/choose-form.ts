import { join } from 'node:path';
import { type PrecisionChoice, StudioError } from '../../preload/contract/index.ts';
import type { DeviceReport } from '../inference/devices/device-report.ts';
import type { ComputeSettings, FewerBits } from '../inference/protocol.ts';
import type { LibraryModel } from '../models/model-library.ts';
import { barOf, type ComputeForm, formName } from '../verify/model-verdict.ts';
import type { VerdictStore } from '../verify/verdict-store.ts';
import type { RequestNotice } from './choose-adapters.ts';

/** Bytes of denoisers in fewer bits that are kept. */
const BUDGET = 16 * 1024 ** 3;
/** Share of main memory from which on a model may, with a picture's size, be too much for it. */
const LARGE_SHARE = 0.35;

/** What decides how a model may be computed. */
export interface FormGate {
  readonly verdicts: Pick<VerdictStore, 'of' | 'allows'>;
  readonly dataFolder: string;
}

/** How a request is computed. */
export interface ChosenForm {
  readonly compute: ComputeSettings;
  readonly fewerBits?: FewerBits;
  /** A form that nobody has judged on this machine yet, to be checked before it is used; null when it may be. */
  readonly check: ComputeForm | null;
  readonly notices: readonly RequestNotice[];
}

/** Where denoisers in fewer bits are kept. */
export function quantisedFolder(dataFolder: string): string {
  return join(dataFolder, 'cache', 'quantised');
}

/**
 * Chooses the form of computing for a model: the first that was found equal to the processor in fp32 on this machine, or
 * that is still to be checked. The processor in fp32 itself is what everything is held against.
 *
 * @param gate without it, as in tests, every form may be used
 * @throws StudioError `generation/form-refused` when a form was asked for by name and found wrong or not to run.
 */
export async function chooseForm(
  asked: PrecisionChoice,
  model: LibraryModel,
  report: Pick<DeviceReport, 'compute' | 'memoryBytes'>,
  gate: FormGate | undefined,
): Promise<ChosenForm> {
  const notices: RequestNotice[] = [];
  for (const compute of formsFor(asked, report.compute)) {
    const form = formOf(compute);
    const bits = await fewerBits(compute, model, report.memoryBytes, gate);
    if (gate === undefined || isReference(form)) return { compute, ...bits, check: null, notices };
    const sha256 = await model.sha256();
    if (gate.verdicts.allows(sha256, form)) return { compute, ...bits, check: null, notices };
    const known = gate.verdicts.of(sha256).find((verdict) => sameForm(verdict, form));
    if (known === undefined) return { compute, ...bits, check: form, notices };
    const why = known.verdict === 'miss' ? `was off by ${(known.error ?? 0).toExponential(1)}` : known.note;
    if (asked !== 'auto') {
      throw new StudioError(
        'generation/form-refused',
        `${formName(form)} is not used for ${model.card.name}: when it was checked, it ${why}. Nothing was started.`,
        `Choose automatic precision, or check again with: impasto verify ${JSON.stringify(model.path)}`,
      );
    }
    notices.push({
      message: `${formName(form)} is not used for ${model.card.name}: it ${why}.`,
      remedy: 'The picture is made in the next best form. "impasto verify" checks again.',
    });
  }
  throw new RangeError('the last form of every choice is the reference or throws');
}

/** Forms in the order in which they are tried. */
function formsFor(asked: PrecisionChoice, device: ComputeSettings): ComputeSettings[] {
  const processor: ComputeSettings = { provider: 'cpu', precision: 'fp32', threads: device.threads };
  switch (asked) {
    case 'auto':
      // Half of the bytes to move is what graphics cards gain most by; processors compute it in fp32 anyway.
      return device.provider === 'cpu'
        ? [processor]
        : [{ ...device, precision: 'fp16' }, { ...device, precision: 'fp32' }, processor];
    case 'int8':
    case 'int4':
      return [{ ...device, linear: asked }];
    case 'fp16':
    case 'fp32':
      return [{ ...device, precision: asked }];
    default:
      return asked satisfies never;
  }
}

/** The content's name is computed for whom it matters only: reading gigabytes keeps a person waiting. */
async function fewerBits(
  { linear, provider }: ComputeSettings,
  model: LibraryModel,
  memoryBytes: number,
  gate: FormGate | undefined,
): Promise<{ readonly fewerBits?: FewerBits }> {
  if (gate === undefined) return {};
  const mayBeShort = provider === 'cpu' && model.card.bytes > memoryBytes * LARGE_SHARE;
  if (linear === undefined && !mayBeShort) return {};
  const source = await model.sha256();
  const judged = gate.verdicts.of(source);
  const reserve = (['int8', 'int4'] as const).flatMap((scheme) => {
    const form: ComputeForm = { provider, precision: 'fp32', linear: scheme };
    const bad = judged.some((verdict) => sameForm(verdict, form) && verdict.verdict !== 'ok');
    return bad ? [] : [{ scheme, bar: barOf(form) }];
  });
  const folder = quantisedFolder(gate.dataFolder);
  return { fewerBits: { folder, source, budget: BUDGET, reserve: linear === undefined ? reserve : [] } };
}

function formOf({ provider, precision, linear }: ComputeSettings): ComputeForm {
  return { provider, precision, linear: linear ?? null };
}

function isReference({ provider, precision, linear }: ComputeForm): boolean {
  return provider === 'cpu' && precision === 'fp32' && linear === null;
}

function sameForm(a: ComputeForm, b: ComputeForm): boolean {
  return a.provider === b.provider && a.precision === b.precision && a.linear === b.linear;
}
