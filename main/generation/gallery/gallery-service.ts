import sharp from 'sharp';
import type {
  GalleryEntry,
  Raster,
  RequestParams,
  RequestResult,
  ResultSummary,
} from '../../../preload/contract/index.ts';
import { decodePicture } from '../../documents/png.ts';
import { hashPicture } from '../near/picture-hash.ts';
import { type NearPicture, openPictureIndex } from '../near/picture-index.ts';
import { variationTree } from './variation-tree.ts';

/** Results of which hashes are made when they are first asked for. */
const MOST_HASHED = 5000;

/** Results among which relatives are looked for. */
const MOST_RELATED = 5000;

/** Requests about everything that was made here. */
export interface GalleryService {
  readonly list: (limit: number) => GalleryEntry[];
  /** @throws StudioError `generation/result-missing` */
  readonly thumbnail: (resultId: string, edge: number) => Promise<Raster>;
  readonly tree: (resultId: string) => RequestResult<'gallery.tree'>;
  readonly similar: (params: RequestParams<'gallery.similar'>) => Promise<NearPicture[]>;
  readonly close: () => void;
}

/** What the service is given. */
export interface GalleryOptions {
  readonly dataFolder: string;
  /** Newest first. */
  readonly results: (limit: number) => ResultSummary[];
  /** A result's PNG file. @throws StudioError `generation/result-missing` */
  readonly picture: (resultId: string) => Promise<Uint8Array>;
}

/** The gallery over the results of a data folder. */
export function createGalleryService({ dataFolder, results, picture }: GalleryOptions): GalleryService {
  let opened: ReturnType<typeof openPictureIndex> | null = null;
  const openIndex = (): ReturnType<typeof openPictureIndex> => (opened ??= openPictureIndex(dataFolder));

  return {
    list: (limit) =>
      results(limit).map(({ resultId, created, recipe, width, height }) => ({
        resultId,
        created,
        prompt: recipe.prompt,
        seed: recipe.seed,
        width,
        height,
      })),
    async thumbnail(resultId, edge) {
      const { data, info } = await sharp(await picture(resultId))
        .resize(edge, edge, { fit: 'inside', withoutEnlargement: true })
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      return { width: info.width, height: info.height, rgba: new Uint8Array(data) };
    },
    tree: (resultId) => variationTree(resultId, results(MOST_RELATED)),
    async similar({ raster, within }) {
      const index = openIndex();
      for (const { resultId } of results(MOST_HASHED)) {
        if (index.has(resultId)) continue;
        // A file that was taken away meanwhile has nothing to be near to.
        const file = await picture(resultId).catch(() => null);
        if (file) index.add(resultId, await hashPicture(await decodePicture(file)));
      }
      return index.find(await hashPicture(raster), within);
    },
    close: () => opened?.close(),
  };
}
