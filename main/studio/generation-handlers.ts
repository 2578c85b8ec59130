import { drawHint } from '../generation/control-features/draw-hint.ts';
import type { GenerationService } from '../generation/generation-service.ts';
import type { Handlers, RequestsOf } from './handlers.ts';

/** Answers `generation.*` from the generation service. */
export function generationHandlers(generation: GenerationService): Handlers<RequestsOf<'generation'>> {
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
  };
}
