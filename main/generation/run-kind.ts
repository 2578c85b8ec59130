import type { GenerationRequest } from '../../preload/contract/index.ts';
import type { ComputeSettings } from '../inference/protocol.ts';
import type { LibraryModel } from '../models/model-library.ts';
import type { Evaluations } from './count-evaluations.ts';
import type { RunKind } from './stage-times.ts';

/** Under what a run's times are kept; the embedded model's family carries its version. */
export function runKind(
  { card }: LibraryModel,
  compute: ComputeSettings,
  { sampler: own, width, height, hires }: Pick<GenerationRequest, 'sampler' | 'width' | 'height' | 'hires'>,
  { guided, controls }: Evaluations,
): RunKind {
  // Two passes take what no single one does.
  const sampler = hires ? `${own} after ${hires.width}x${hires.height}` : own;
  const device = `${compute.provider} ${compute.precision} ${compute.threads}`;
  return { model: card.embedded ? card.family : card.id, device, sampler, width, height, guided, controls };
}
