import { StudioError, unpackPlaces } from '../../../preload/contract/index.ts';
import type { PaintDocument } from '../../engine/document.ts';
import { EngineError } from '../../engine/error.ts';
import { packAll, type TileBudget } from '../../engine/tiles/keep-within.ts';
import { bytesTakenIn, type StoredTile, type TileShelf } from '../../engine/tiles/stored-tile.ts';
import type { TileMap } from '../../engine/tiles/tile-map.ts';
import { alignedTile } from '../../engine/tiles/tile.ts';
import { tell } from '../status-store.ts';
import type { StudioLink } from '../studio-link.ts';

/** Tiles that one message brings, and messages on their way at a time: 16 MiB of 8-bit pixels. */
const BATCH = 32;
const AT_A_TIME = 2;
/** Tiles that wait to be asked for; what was wanted longest ago is forgotten, and wanted again by whoever still needs it. */
const WAITING = 1024;
/** Bytes that are taken in before it is looked whether others have to go. */
const LOOK_AFTER = 32 * 1024 * 1024;
/** Milliseconds before what could not be brought is tried again. */
const PAUSE = 1500;

/** What a pager has to know of the session. */
export interface PagedSession {
  /** The studio's name for the open document. */
  readonly id: string;
  /** True when the file holds the very document that is in memory. */
  readonly inFile: boolean;
  /** Has the file opened again by a studio that was restarted. */
  recover(): Promise<void>;
}

/**
 * Brings tiles of the open document from its file, and lets those go that were not looked at for longest, so that a
 * document larger than the memory can be painted on. Drawing never waits for it: what is not there is drawn later. A tool
 * that needs pixels at once gets them at once.
 */
export class TilePager implements TileShelf {
  readonly #link: Pick<StudioLink, 'request' | 'readPixelsNow'>;
  readonly #document: PaintDocument;
  readonly #unsubscribe: () => void;
  readonly #budget: () => TileBudget;
  #session: PagedSession;
  readonly #wanted = new Set<StoredTile>();
  readonly #asked = new Set<StoredTile>();
  /** Tiles that the file could not give. */
  readonly #lost = new WeakSet<StoredTile>();
  #running = 0;
  #planned = false;
  /** Tiles that are to be packed in idle moments. */
  #toPack: StoredTile[] = [];
  /** How much had been taken in when it was looked last. */
  #takenIn = -LOOK_AFTER;
  /** What all could take then: somebody may choose another size. */
  #keptTo: number | undefined;
  /** Counts changes of the document. */
  #changes = 0;
  #shelving = false;
  #closed = false;

  /** @param budget what all pixels may take, asked for anew each time. */
  constructor(
    link: Pick<StudioLink, 'request' | 'readPixelsNow'>,
    document: PaintDocument,
    session: PagedSession,
    budget: () => TileBudget,
  ) {
    this.#link = link;
    this.#budget = budget;
    this.#document = document;
    this.#session = session;
    this.#unsubscribe = document.subscribe(({ changes }) => {
      if (changes.length > 0) this.#changes += 1;
    });
  }

  /** Works for a session from now on. */
  serve(session: PagedSession): void {
    this.#session = session;
  }

  readNow(hashes: readonly string[]): Uint8Array[] {
    try {
      const pixels = this.#link.readPixelsNow({ documentId: this.#session.id, hashes: [...hashes] });
      if (pixels.length === hashes.length) return pixels;
    } catch (error) {
      if (error instanceof StudioError) throw new EngineError('pixels-away', error.message);
      throw error;
    }
    throw new EngineError('pixels-away', 'The studio did not give the pixels of a tile.');
  }

  want(tile: StoredTile): void {
    if (this.#asked.has(tile) || this.#lost.has(tile)) return;
    this.#wanted.delete(tile);
    this.#wanted.add(tile);
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      this.#ask();
    });
  }

  /**
   * Keeps the document within its budget, for a while.
   * @param stop asked before each tile is packed; true ends it.
   * @returns false while there is more to do.
   */
  keep(stop: () => boolean): boolean {
    const { all } = this.#budget();
    const grown = this.#toPack.length === 0 && bytesTakenIn() - this.#takenIn > this.#allowance;
    if (grown || all !== this.#keptTo) this.#look();
    return packAll(this.#toPack, stop);
  }

  /** Brings nothing more. */
  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#wanted.clear();
  }

  #ask(): void {
    const waiting = [...this.#wanted];
    for (const old of waiting.splice(0, Math.max(0, waiting.length - WAITING))) this.#wanted.delete(old);
    while (this.#running < AT_A_TIME && waiting.length > 0 && !this.#closed) {
      // What was wanted last is looked at now.
      const batch = waiting.splice(-BATCH).filter((tile) => !tile.isHere);
      for (const tile of batch) this.#asked.add(tile);
      if (batch.length > 0) void this.#bring(batch);
    }
    this.#wanted.clear();
    for (const tile of waiting) this.#wanted.add(tile);
  }

  async #bring(batch: readonly StoredTile[]): Promise<void> {
    this.#running += 1;
    try {
      await this.#read(batch);
      // Packing is left to idle moments.
      if (bytesTakenIn() - this.#takenIn > this.#allowance) this.#look();
    } catch (error) {
      await this.#afterTrouble(batch, error);
    } finally {
      this.#running -= 1;
      for (const tile of batch) this.#asked.delete(tile);
    }
    if (this.#closed) return;
    this.#document.touchView();
    this.#ask();
  }

  async #read(batch: readonly StoredTile[]): Promise<void> {
    const hashes = [...new Set(batch.map((tile) => tile.hash ?? ''))];
    const pixels = await this.#link.request('documents.read-pixels', {
      documentId: this.#session.id,
      hashes,
    });
    const byHash = new Map(hashes.map((hash, i) => [hash, pixels[i]]));
    for (const tile of batch) {
      const data = byHash.get(tile.hash ?? '');
      if (!data) continue;
      tile.put(alignedTile(data));
    }
  }

  /** Bytes that may be taken in before it is looked whether others have to go. */
  get #allowance(): number {
    return Math.min(LOOK_AFTER, (this.#budget().all ?? Infinity) / 16);
  }

  #look(): void {
    this.#takenIn = bytesTakenIn();
    this.#keptTo = this.#budget().all;
    const { beyond, toPack } = this.#document.keepWithin(this.#budget());
    this.#toPack = toPack;
    if (beyond > 0) void this.#shelvePainted().catch(() => undefined);
  }

  async #afterTrouble(batch: readonly StoredTile[], error: unknown): Promise<void> {
    const code = error instanceof StudioError ? error.code : '';
    if (code === 'document/not-open' || code === 'link/studio-restarted')
      return this.#session.recover().catch(() => undefined);
    if (code.startsWith('link/')) return new Promise((resolve) => setTimeout(resolve, PAUSE));
    // One damaged tile must not hold up the others.
    for (const tile of batch) {
      try {
        await this.#read([tile]);
      } catch (reason) {
        this.#lost.add(tile);
        if (reason instanceof StudioError)
          tell({ level: 'bad', message: reason.message, remedy: reason.remedy });
      }
    }
  }

  /** Finds out which of the tiles that were painted lie in the file by now, so that they may go. */
  async #shelvePainted(): Promise<void> {
    if (this.#shelving || this.#closed || !this.#session.inFile) return;
    this.#shelving = true;
    const before = this.#changes;
    try {
      for (const { record, tiles, mask } of this.#document.layers.all()) {
        if (!holdsUnshelved(tiles) && !holdsUnshelved(mask.tiles)) continue;
        const places = await this.#link.request('documents.read-places', {
          documentId: this.#session.id,
          layerId: record.id,
        });
        if (this.#closed || this.#changes !== before || !this.#session.inFile) return;
        for (const { x, y, hash } of unpackPlaces(places.pixels)) tiles.storedAt(x, y)?.shelve(this, hash);
        for (const { x, y, hash } of unpackPlaces(places.mask)) mask.tiles.storedAt(x, y)?.shelve(this, hash);
      }
      this.#document.keepWithin(this.#budget());
    } finally {
      this.#shelving = false;
    }
  }
}

function holdsUnshelved(map: TileMap): boolean {
  for (const tile of map.stored()) if (!tile.isShelved) return true;
  return false;
}
