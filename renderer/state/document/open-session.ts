import type { DocumentState, RequestResult } from '../../../preload/contract/index.ts';
import type { Change } from '../../engine/changes.ts';
import { PaintDocument } from '../../engine/document.ts';
import { holdsPixels } from '../../engine/layers/layer-record.ts';
import { TILE_SIZE } from '../../engine/tiles/tile.ts';
import type { StudioLink } from '../studio-link.ts';
import { DocumentSession } from './document-session.ts';
import { layAway, layOut } from './lay-out.ts';
import { tileBudget } from './tile-budget.ts';
import { TilePager } from './tile-pager.ts';

/** Bytes that one message brings at most, where every tile is full. */
const MESSAGE_BYTES = 16 * 1024 * 1024;
/** Messages on their way at a time: the studio reads one while the page takes in the other. */
const AT_A_TIME = 2;
/** Rows of tiles that layers may have beyond the canvas, either way. */
const FARTHEST = 1024;

/** How an opening document is watched. */
export interface Opening {
  /** The small picture that is kept in the file, before any pixels; null where there is none. */
  onOverview?(bytes: Uint8Array | null): void;
  /** Share of the tiles read, 0 … 1. */
  onProgress?(share: number): void;
  readonly signal?: AbortSignal;
}

/**
 * Takes up a document that the studio has opened, and starts a session on it: reads all pixels, some rows of tiles at a time,
 * or of a large one where its pixels lie, so that each is brought when it is looked at.
 * @throws StudioError; the signal's reason when it was called off.
 */
export async function openSession(
  link: StudioLink,
  state: DocumentState,
  opening: Opening = {},
): Promise<DocumentSession> {
  const { bytes } = await link.request('documents.read-overview', { documentId: state.id });
  opening.onOverview?.(bytes);
  const document = new PaintDocument(state.width, state.height, state.layers, state);
  const opened = { id: state.id, inFile: false, recover: () => Promise.resolve() };
  const pager = new TilePager(link, document, opened, tileBudget);
  const places = await layOut(link, state, tileBudget().unpacked, opening.signal);
  if (places) layAway(document, places, pager);
  else await readAll(link, state, document, opening);
  opening.signal?.throwIfAborted();
  const notes = await link.request('documents.read-notes', { documentId: state.id });
  document.apply(notes.map(({ key, bytes: note }) => ({ type: 'note', key, bytes: note })));
  return new DocumentSession(link, state, document, pager);
}

async function readAll(
  link: StudioLink,
  state: DocumentState,
  document: PaintDocument,
  opening: Opening,
): Promise<void> {
  const jobs = readJobs(link, state);
  let started = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let job = jobs[started++]; job; job = jobs[started++]) {
      opening.signal?.throwIfAborted();
      const change = await job();
      if (change.tiles.length > 0) document.apply([change]);
      done += 1;
      opening.onProgress?.(done / jobs.length);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
}

type PixelChange = Extract<Change, { type: 'tiles' | 'mask-tiles' }>;

/** What is to be asked for, a layer after the other. */
function readJobs(link: StudioLink, state: DocumentState): (() => Promise<PixelChange>)[] {
  const jobs: (() => Promise<PixelChange>)[] = [];
  const parts = rowsOf(state);
  for (const { id: layerId, kind, mask } of state.layers) {
    for (const rows of parts) {
      const of = { documentId: state.id, layerId, ...(rows && { rows }) };
      if (holdsPixels(kind)) {
        jobs.push(async () => {
          const tiles: RequestResult<'documents.read-layer'> = await link.request('documents.read-layer', of);
          return { type: 'tiles', layerId, tiles };
        });
      }
      if (mask !== null) {
        jobs.push(async () => {
          const tiles: RequestResult<'documents.read-mask'> = await link.request('documents.read-mask', of);
          return { type: 'mask-tiles', layerId, tiles };
        });
      }
    }
  }
  return jobs;
}

/** Parts that a layer is read in; undefined for all of it. */
function rowsOf({ width, height, depth }: DocumentState): ({ from: number; to: number } | undefined)[] {
  const rows = Math.ceil(height / TILE_SIZE);
  const rowBytes = Math.ceil(width / TILE_SIZE) * TILE_SIZE * TILE_SIZE * (depth / 2);
  const step = Math.max(1, Math.floor(MESSAGE_BYTES / rowBytes));
  if (rows <= step) return [undefined];
  return Array.from({ length: Math.ceil(rows / step) }, (_, part) => ({
    from: part === 0 ? -FARTHEST : part * step,
    to: (part + 1) * step >= rows ? FARTHEST + 1 : (part + 1) * step,
  }));
}
