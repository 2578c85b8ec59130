import { drawHint } from '../generation/control-features/draw-hint.ts';
import type { GenerationService } from '../generation/generation-service.ts';
import type { Handlers, RequestsOf } from './handlers.ts';

/** Answers `generation.*` and `queue.*` from the generation service. */
export function generationHandlers(
  generation: GenerationService,
): Handlers<RequestsOf<'generation' | 'queue'>> {
  const { queue, variations, grids } = generation;
  return {
    'generation.price': (params) => generation.price(params),
    'generation.local-crop': (params) => generation.localCrop(params),
    'generation.see-guide': ({ raster, prepare }) => ({ raster: drawHint(raster, prepare) }),
    'generation.start': (params) => generation.start(params),
    'generation.cancel': ({ jobId }) => {
      generation.cancel(jobId);
      return {};
    },
    'generation.results': ({ limit }) => generation.results(limit),
    'generation.result': ({ resultId }) => generation.result(resultId),
    'generation.plan': variations.plan,
    'generation.planVariation': variations.planVariation,
    'generation.planGrid': grids.plan,
    'generation.grid': grids.start,
    'generation.sheet': grids.sheet,
    'generation.adopt': ({ png }) => variations.adopt(png),
    'generation.request': ({ resultId }) => variations.request(resultId),
    'generation.replay': variations.replay,
    'generation.exact': variations.exact,
    'generation.compare': variations.compare,
    'generation.vary': variations.vary,
    'generation.mix': variations.mix,
    'generation.kept': ({ resultId }) => variations.kept(resultId),
    'generation.heading': ({ resultId, step }) => variations.heading(resultId, step),
    'queue.list': queue.state,
    'queue.move': ({ jobId, before }) => {
      queue.move(jobId, before);
      return {};
    },
    'queue.pause': ({ paused }) => {
      queue.pause(paused);
      return {};
    },
    'queue.hold': ({ jobId, held }) => {
      queue.hold(jobId, held);
      return {};
    },
    'queue.clear': () => ({ jobIds: queue.clear() }),
    'queue.restore': ({ jobIds }) => {
      queue.restore(jobIds);
      return {};
    },
    'queue.repeat': ({ jobId, seed }) => queue.repeat(jobId, seed),
  };
}
