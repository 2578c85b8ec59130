import type { GalleryService } from '../generation/gallery/gallery-service.ts';
import type { Handlers, RequestsOf } from './handlers.ts';

/** Answers `gallery.*` from the gallery service. */
export function galleryHandlers(gallery: GalleryService): Handlers<RequestsOf<'gallery'>> {
  return {
    'gallery.list': ({ limit }) => gallery.list(limit),
    'gallery.thumbnail': ({ resultId, edge }) => gallery.thumbnail(resultId, edge),
    'gallery.tree': ({ resultId }) => gallery.tree(resultId),
    'gallery.similar': (params) => gallery.similar(params),
  };
}
