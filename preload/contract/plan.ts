import { z } from 'zod';
import { sha256Schema } from './binary.ts';

/** The kinds of stages that a picture is made in. */
const stageKindSchema = z.enum([
  'encode-text',
  'encode-image',
  'control-features',
  'noise',
  'denoise',
  'decode',
  'post',
]);

/** One stage of a plan. Its key is a hash of its own parameters and of the keys of its inputs. */
export const planStageSchema = z.object({
  /** `text`, `negative`, `image`, `state-12` … unique within the plan. */
  id: z.string(),
  kind: stageKindSchema,
  key: sha256Schema,
  /** Ids of the stages that it reads. */
  inputs: z.array(z.string()),
  /** Where its outcome is already, or null: it has to be computed, unless nothing needs it. */
  cached: z.enum(['memory', 'disk']).nullable(),
  /** True when it will be computed. */
  runs: z.boolean(),
  /** Seconds that computing it takes: median, and the value that 9 of 10 runs stay below. */
  seconds: z.number(),
  slowSeconds: z.number(),
});
export type PlanStage = z.infer<typeof planStageSchema>;

/** Stages of one kind summed up, as a price is explained. */
export const priceRowSchema = z.object({
  what: z.string(),
  /** Stages that are computed, of all there are. */
  runs: z.number().int(),
  of: z.number().int(),
  seconds: z.number(),
  /** Seconds that the stages which are there already would have taken. */
  savedSeconds: z.number(),
});
export type PriceRow = z.infer<typeof priceRowSchema>;

/** A recipe as a graph of stages. */
export const planSchema = z.object({
  stages: z.array(planStageSchema),
  /** Seconds of everything that runs, without loading the model. */
  seconds: z.number(),
  slowSeconds: z.number(),
  /** Seconds that are saved by what is there. */
  savedSeconds: z.number(),
  /** Seconds of loading the model, 0 when it is loaded. */
  onceSeconds: z.number(),
  /** False while this model and size were never timed on this device. */
  measured: z.boolean(),
  rows: z.array(priceRowSchema),
  /** What gives way so that it is done in time, in words. */
  eased: z.array(z.string()),
});
export type Plan = z.infer<typeof planSchema>;

/** What one plan has in common with another. */
export interface PlanDifference {
  /** Ids of its stages that the other has, too, and of those that are its own. */
  readonly same: string[];
  readonly only: string[];
  /** Steps that both share, of those that this one has. */
  readonly sharedSteps: number;
  readonly ofSteps: number;
}

/** Compares a plan with another by the names of their stages: what is named alike is the same, bit for bit. */
export function comparePlans(mine: Pick<Plan, 'stages'>, other: Pick<Plan, 'stages'>): PlanDifference {
  const keys = new Set(other.stages.map(({ key }) => key));
  const isShared = ({ key }: PlanStage): boolean => keys.has(key);
  const steps = mine.stages.filter(({ kind }) => kind === 'denoise');
  return {
    same: mine.stages.filter(isShared).map(({ id }) => id),
    only: mine.stages.filter((stage) => !isShared(stage)).map(({ id }) => id),
    sharedSteps: steps.filter(isShared).length,
    ofSteps: steps.length,
  };
}
