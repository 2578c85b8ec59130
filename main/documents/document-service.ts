import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, extname, isAbsolute, join, relative, resolve } from 'node:path';
import type { ParsedParams, RequestResult } from '../../preload/contract/index.ts';
import { StudioError } from '../../preload/contract/index.ts';
import { watchClock } from './clock-watch.ts';
import { createDocumentFile, documentName, openDocument, type StoredDocument } from './document.ts';
import { exportDocument } from './exchange/export-document.ts';
import { SILENT } from './exchange/progress.ts';
import { flattenRows } from './flatten.ts';
import { EXTENSION, freePath } from './free-path.ts';
import { peekDatabase } from './open-database.ts';
import { encodeAnimation } from './encode-animation.ts';
import { playHistory, type TimeLapse } from './time-lapse.ts';
import { whenIdle } from './when-idle.ts';

/** Where documents lie, and how far requests may reach. */
export interface DocumentServiceOptions {
  /** New documents are made here; created when it is missing. */
  readonly folder: string;
  /** True where a native dialog chose the path; false in the headless host, which stays inside `folder`. */
  readonly anywhere: boolean;
  /** Hears what a person should know of documents as they are worked on. */
  readonly notice?: (notice: { level: 'warn'; message: string; remedy: string }) => void;
}

/** Answers every `documents.*` request of the contract; parameters are parsed already. */
export interface DocumentService {
  list(): RequestResult<'documents.list'>;
  create(params: ParsedParams<'documents.create'>): RequestResult<'documents.create'>;
  open(params: ParsedParams<'documents.open'>): RequestResult<'documents.open'>;
  close(params: ParsedParams<'documents.close'>): RequestResult<'documents.close'>;
  saveAs(params: ParsedParams<'documents.save-as'>): RequestResult<'documents.save-as'>;
  readLayer(params: ParsedParams<'documents.read-layer'>): RequestResult<'documents.read-layer'>;
  readMask(params: ParsedParams<'documents.read-mask'>): RequestResult<'documents.read-mask'>;
  readPlaces(params: ParsedParams<'documents.read-places'>): RequestResult<'documents.read-places'>;
  readPixels(params: ParsedParams<'documents.read-pixels'>): RequestResult<'documents.read-pixels'>;
  readNotes(params: ParsedParams<'documents.read-notes'>): RequestResult<'documents.read-notes'>;
  readOverview(params: ParsedParams<'documents.read-overview'>): RequestResult<'documents.read-overview'>;
  writeOverview(params: ParsedParams<'documents.write-overview'>): RequestResult<'documents.write-overview'>;
  stagePart(params: ParsedParams<'documents.stage-part'>): RequestResult<'documents.stage-part'>;
  commit(params: ParsedParams<'documents.commit'>): RequestResult<'documents.commit'>;
  readMove(params: ParsedParams<'documents.read-move'>): RequestResult<'documents.read-move'>;
  moveHead(params: ParsedParams<'documents.move-head'>): RequestResult<'documents.move-head'>;
  addSavePoint(params: ParsedParams<'documents.add-save-point'>): RequestResult<'documents.add-save-point'>;
  renameSavePoint(
    params: ParsedParams<'documents.rename-save-point'>,
  ): RequestResult<'documents.rename-save-point'>;
  removeSavePoint(
    params: ParsedParams<'documents.remove-save-point'>,
  ): RequestResult<'documents.remove-save-point'>;
  readSavePoint(
    params: ParsedParams<'documents.read-save-point'>,
  ): RequestResult<'documents.read-save-point'>;
  beginTimeLapse(
    params: ParsedParams<'documents.begin-time-lapse'>,
  ): RequestResult<'documents.begin-time-lapse'>;
  nextFrame(params: ParsedParams<'documents.next-frame'>): RequestResult<'documents.next-frame'>;
  exportAnimation(
    params: ParsedParams<'documents.export-animation'>,
  ): Promise<RequestResult<'documents.export-animation'>>;
  exportPng(params: ParsedParams<'documents.export-png'>): Promise<RequestResult<'documents.export-png'>>;
  pixelHash(params: ParsedParams<'documents.pixel-hash'>): RequestResult<'documents.pixel-hash'>;
  /**
   * Closes the file of a document that nobody works on just now. The next request about it, or opening its path, opens it again
   * under the same id, unless another program has worked on it.
   */
  rest(documentId: string): void;
  /** An open document's file. @throws StudioError `document/not-open` */
  stored(documentId: string): StoredDocument;
  /** Closes every open document. */
  dispose(): void;
}

/** Starts the service; nothing is read until it is asked for. */
export function createDocumentService({
  folder,
  anywhere,
  notice = () => {},
}: DocumentServiceOptions): DocumentService {
  const open = new Map<string, StoredDocument>();
  /** Documents whose files were closed meanwhile, and how their histories stood. */
  const resting = new Map<string, { readonly path: string; readonly stand: string }>();
  const clock = watchClock(notice);
  const playing = new Map<string, TimeLapse>();
  const idle = whenIdle(() => {
    let more = false;
    for (const document of open.values()) more = document.maintain() || more;
    return more;
  });

  const wake = (documentId: string): StoredDocument | undefined => {
    const rested = resting.get(documentId);
    if (!rested) return undefined;
    const document = openDocument(rested.path, undefined, documentId);
    resting.delete(documentId);
    if (standOf(document) === rested.stand) {
      open.set(documentId, document);
      return document;
    }
    // What a page knows of it would be written over what another program has made of it.
    document.close();
    return undefined;
  };

  const restingAt = (path: string): string | undefined =>
    [...resting].find(([, rested]) => rested.path === path)?.[0];

  const get = (documentId: string): StoredDocument => {
    const document = open.get(documentId) ?? wake(documentId);
    idle.busy();
    if (document) return document;
    throw new StudioError(
      'document/not-open',
      'This document is not open in the studio any more. Its last stroke is on disk.',
      'Open it again.',
    );
  };

  const keep = (document: StoredDocument): RequestResult<'documents.open'> => {
    const state = document.state();
    open.set(state.id, document);
    clock(state.history.at(-1)?.time ?? 0);
    return state;
  };

  const resolvePath = (path: string): string => {
    const full = resolve(folder, path);
    const inside = relative(folder, full);
    if (anywhere || !(inside.startsWith('..') || isAbsolute(inside))) return full;
    throw new StudioError(
      'document/outside-folder',
      `In the browser, documents are opened and saved in ${folder} only. Nothing was changed.`,
      'Move the file there, or use the desktop studio.',
    );
  };

  return {
    list() {
      if (!existsSync(folder)) return [];
      const openByPath = new Map([...open].map(([id, document]) => [document.path, id]));
      return readdirSync(folder)
        .filter((entry) => extname(entry).toLowerCase() === EXTENSION)
        .flatMap((entry) => {
          const path = join(folder, entry);
          const facts = peekDatabase(path);
          if (!facts) return [];
          const { size, mtimeMs } = statSync(path);
          return [{ ...facts, id: openByPath.get(path) ?? null, path, bytes: size, modified: mtimeMs }];
        })
        .sort((a, b) => b.modified - a.modified);
    },

    create({ name, width, height, ...options }) {
      mkdirSync(folder, { recursive: true });
      const path = freePath(folder, name);
      createDocumentFile(path, documentName(path), width, height, options);
      return keep(openDocument(path));
    },

    open({ path }) {
      const full = resolvePath(path);
      const id = restingAt(full);
      const already =
        (id === undefined ? undefined : wake(id)) ??
        [...open.values()].find((document) => document.path === full);
      return already ? already.state() : keep(openDocument(full));
    },

    close({ documentId }) {
      if (resting.delete(documentId)) return {};
      get(documentId).close();
      open.delete(documentId);
      playing.delete(documentId);
      return {};
    },

    saveAs({ documentId, path, leaveOpen = false }) {
      const document = get(documentId);
      const full = withExtension(resolvePath(path));
      if (existsSync(full)) {
        throw new StudioError(
          'document/exists',
          `${basename(full)} exists already and was left as it is.`,
          'Choose another name.',
        );
      }
      document.copyTo(full, documentName(full));
      const copy = keep(openDocument(full));
      if (!leaveOpen) {
        document.close();
        open.delete(documentId);
      }
      return copy;
    },

    readLayer: ({ documentId, layerId, rows }) => get(documentId).readLayer(layerId, rows),
    readMask: ({ documentId, layerId, rows }) => get(documentId).readMask(layerId, rows),
    readPlaces: ({ documentId, layerId }) => get(documentId).readPlaces(layerId),
    readPixels: ({ documentId, hashes }) => get(documentId).readPixels(hashes),
    readOverview: ({ documentId }) => ({ bytes: get(documentId).readOverview() }),
    writeOverview({ documentId, bytes }) {
      get(documentId).writeOverview(bytes);
      return {};
    },
    readNotes: ({ documentId }) => get(documentId).readNotes(),
    stagePart({ documentId, part, changes }) {
      get(documentId).stagePart(part, changes);
      return {};
    },
    commit({ documentId, label, changes, parts }) {
      const document = get(documentId);
      clock(document.lastTime());
      return { step: document.commit(label, changes, parts), floor: document.floor() };
    },
    readMove: ({ documentId, head, part }) => get(documentId).readMove(head, part),
    moveHead: ({ documentId, head, withChanges }) => get(documentId).moveHead(head, withChanges),

    addSavePoint: ({ documentId, name }) => get(documentId).addSavePoint(name),
    renameSavePoint: ({ documentId, savePointId, name }) =>
      get(documentId).renameSavePoint(savePointId, name),
    removeSavePoint({ documentId, savePointId }) {
      get(documentId).removeSavePoint(savePointId);
      return {};
    },
    readSavePoint: ({ documentId, savePointId, part }) => get(documentId).readSavePoint(savePointId, part),

    beginTimeLapse({ documentId, edge, frames }) {
      const lapse = playHistory(get(documentId), edge, frames);
      playing.set(documentId, lapse);
      return { width: lapse.width, height: lapse.height, count: lapse.count };
    },

    nextFrame({ documentId }) {
      get(documentId);
      const next = playing.get(documentId)?.frames.next();
      if (next && next.done !== true) return { rgba: next.value.rgba };
      playing.delete(documentId);
      return { rgba: null };
    },

    async exportAnimation({ documentId, format, edge, seconds, framesPerSecond }) {
      const document = get(documentId);
      const lapse = playHistory(document, edge, Math.max(2, Math.round(seconds * framesPerSecond)));
      const bytes = await encodeAnimation(lapse, format, framesPerSecond);
      return { fileName: `${document.state().name}.${format}`, bytes };
    },

    async exportPng({ documentId }) {
      const document = get(documentId);
      const state = document.state();
      const png = await exportDocument(document, { kind: 'png' }, SILENT);
      return { fileName: `${state.name}.png`, png };
    },

    pixelHash({ documentId }) {
      const hash = createHash('sha256');
      for (const rows of flattenRows(get(documentId))) hash.update(rows);
      return { sha256: hash.digest('hex') };
    },

    rest(documentId) {
      const document = open.get(documentId);
      if (!document || document.isStaging()) return;
      const stand = standOf(document);
      document.close();
      open.delete(documentId);
      playing.delete(documentId);
      resting.set(documentId, { path: document.path, stand });
    },

    stored: get,

    dispose() {
      idle.stop();
      for (const document of open.values()) document.close();
      open.clear();
    },
  };
}

/** What is another when somebody else has worked on a document; thinning and tidying change nothing of it. */
function standOf(document: StoredDocument): string {
  const { head, history, savePoints } = document.state();
  return JSON.stringify([head, history.at(-1), savePoints]);
}

function withExtension(path: string): string {
  return extname(path).toLowerCase() === EXTENSION ? path : `${path}${EXTENSION}`;
}
