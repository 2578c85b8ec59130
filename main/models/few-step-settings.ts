import { basename } from 'node:path';
import type { Checkpoint } from '../../native-models/checkpoints/checkpoint.ts';
import type { ModelCard } from '../../preload/contract/index.ts';

/** Settings that a distilled model wants, and what kind it is. */
export interface FewSteps {
  readonly kind: string;
  readonly defaults: ModelCard['defaults'];
}

/**
 * The settings of a model that was distilled to a few steps: LCM (arXiv:2310.04378), Turbo (arXiv:2311.17042), Lightning
 * (arXiv:2402.13929), Hyper (arXiv:2404.13686). A guidance embedding or its scheduler tell; of the others nothing in the
 * tensors does, so that their title or file name has to. Undefined for all other models.
 */
export function fewSteps(
  checkpoint: Pick<Checkpoint, 'unet' | 'scheduler' | 'metadata' | 'path'>,
): FewSteps | undefined {
  const { unet, scheduler, metadata, path } = checkpoint;
  const name = `${metadata.get('modelspec.title') ?? ''} ${basename(path)}`.toLowerCase();
  const says = (word: string): boolean => new RegExp(`(^|[^a-z])${word}([^a-z]|$)`).test(name);
  const steps = (otherwise: number): number => {
    const told = Number(/(\d+)[ _-]?steps?/.exec(name)?.[1] ?? otherwise);
    return told >= 1 && told <= 16 ? told : otherwise;
  };
  if (unet.config.guidanceDim !== undefined) {
    return { kind: 'LCM', defaults: { sampler: 'lcm', steps: 6, guidance: 8 } };
  }
  if (scheduler.className === 'LCMScheduler' || says('lcm')) {
    return { kind: 'LCM', defaults: { sampler: 'lcm', steps: 6, guidance: 1.5 } };
  }
  if (scheduler.className === 'TCDScheduler' || says('hyper')) {
    return { kind: 'Hyper', defaults: { sampler: 'tcd', steps: steps(8), guidance: 1 } };
  }
  if (says('lightning')) {
    return {
      kind: 'Lightning',
      defaults: { sampler: 'euler-sgm-uniform', steps: steps(4), guidance: 1 },
    };
  }
  if (says('turbo')) {
    return {
      kind: 'Turbo',
      defaults: { sampler: 'euler-ancestral-sgm-uniform', steps: steps(4), guidance: 1 },
    };
  }
  return undefined;
}
