import { existsSync } from 'node:fs';
import {
  type GenerationRequest,
  type Plan,
  type RequestParams,
  type RequestResult,
  StudioError,
} from '../../../preload/contract/index.ts';
import { drawSheet } from './draw-sheet.ts';
import { gridRequests } from './grid-requests.ts';

/** What grids need of the rest. */
export interface GridsOptions {
  /** The plan of a request where outcomes of the keys in `made` will be there by then. */
  readonly plan: (request: GenerationRequest, made: ReadonlySet<string>) => Promise<Plan>;
  readonly start: (request: GenerationRequest) => Promise<{ jobId: string }>;
  /** The PNG file of a result. */
  readonly fileOf: (resultId: string) => string;
}

/** Grids of pictures that differ in up to three settings (X/Y/Z plots). */
export interface Grids {
  readonly plan: (
    params: RequestParams<'generation.planGrid'>,
  ) => Promise<RequestResult<'generation.planGrid'>>;
  readonly start: (params: RequestParams<'generation.grid'>) => Promise<RequestResult<'generation.grid'>>;
  readonly sheet: (params: RequestParams<'generation.sheet'>) => Promise<RequestResult<'generation.sheet'>>;
}

/** Grids over plans and the queue. */
export function createGrids({ plan, start, fileOf }: GridsOptions): Grids {
  return {
    async plan(params) {
      const { requests, ...labels } = gridRequests(params);
      const made = new Set<string>();
      const total = { seconds: 0, savedSeconds: 0, onceSeconds: 0, measured: true };
      for (const request of requests) {
        const one = await plan(request, made);
        total.seconds += one.seconds;
        total.savedSeconds += one.savedSeconds;
        total.onceSeconds = Math.max(total.onceSeconds, one.onceSeconds);
        total.measured &&= one.measured;
        for (const { key, runs } of one.stages) if (runs) made.add(key);
      }
      return { ...labels, ...total, pictures: requests.length };
    },
    async start(params) {
      const { requests, ...labels } = gridRequests(params);
      const jobIds: string[] = [];
      for (const request of requests) {
        jobIds.push((await start({ ...request, lane: request.lane ?? 'batch' })).jobId);
      }
      return { ...labels, jobIds };
    },
    async sheet({ title, rows, columns, cells }) {
      const files = cells.map((resultId) => (resultId === null ? null : fileOf(resultId)));
      const there = files.map((file) => (file !== null && existsSync(file) ? file : null));
      if (there.every((file) => file === null)) {
        throw new StudioError(
          'generation/result-missing',
          'None of the pictures of this sheet is on disk. No sheet was drawn.',
          'Make the grid again.',
        );
      }
      return { png: await drawSheet({ title, rows, columns, cells: there }) };
    },
  };
}
