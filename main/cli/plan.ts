import { comparePlans, type Plan, type PlanDifference } from '../../preload/contract/index.ts';
import { type BaseFlags, baseRequest, recipeRequest } from './base-request.ts';
import { openStudio } from './open-studio.ts';
import type { Outcome } from './run-action.ts';

/** The options of `impasto plan`. */
export interface PlanFlags extends BaseFlags {
  diff?: string;
  json: boolean;
}

/**
 * Plans a picture and prints it; nothing is run.
 *
 * @throws StudioError when it could not be run either
 */
export async function plan(flags: PlanFlags): Promise<Outcome> {
  const studio = await openStudio({ startWorker: false, cache: true });
  try {
    const request = await baseRequest(studio, flags);
    const planned = await studio.request('generation.plan', request);
    const other =
      flags.diff === undefined
        ? null
        : await studio.request('generation.plan', await recipeRequest(studio, flags.diff));
    const difference = other && comparePlans(planned, other);
    return {
      text: [describe(planned), ...(difference ? [describeDifference(difference)] : [])].join('\n'),
      json: { ...planned, ...(difference ? { difference } : {}) },
    };
  } finally {
    await studio.close();
  }
}

function describe({ rows, seconds, slowSeconds, savedSeconds, onceSeconds, measured }: Plan): string {
  const lines = rows.map(
    ({ what, runs, of, seconds: own }) =>
      `${what.padEnd(28)} ${`${runs} of ${of}`.padStart(10)}  ${own.toFixed(2)} s`,
  );
  const once = onceSeconds > 0 ? `, and ${onceSeconds.toFixed(1)} s once to load the model` : '';
  const about = measured ? '' : 'about ';
  return [
    ...lines,
    `Together ${about}${seconds.toFixed(2)} s (up to ${slowSeconds.toFixed(2)} s); ${savedSeconds.toFixed(2)} s are saved${once}.`,
  ].join('\n');
}

function describeDifference({ same, only, sharedSteps, ofSteps }: PlanDifference): string {
  return `Shares ${same.length} of ${same.length + only.length} stages with the other, ${sharedSteps} of ${ofSteps} steps among them.`;
}
