import { type DocumentState, StudioError } from '../../preload/contract/index.ts';
import { OverlaySlot } from '../canvas/overlay-picture.ts';
import { fitDocument } from '../canvas/view-store.ts';
import { type OpenPicture, openPicture } from '../canvas/open-picture.ts';
import type { Rect } from '../engine/geometry/rect.ts';
import { hasPicture } from '../generation/frame-content.ts';
import { workingSize } from '../generation/frame.ts';
import { toModelColours } from '../generation/model-colours.ts';
import { isBlankBeside, readPicture } from '../generation/picture-content.ts';
import { changeForm, currentModel, useGeneration } from '../generation/generation-store.ts';
import { Generator } from '../generation/generator.ts';
import { LivePainter } from '../generation/live/live-painter.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { useDocument } from '../state/document/document-store.ts';
import { keepOverview } from './keep-overview.ts';
import { type OpenedDocument, readDocument } from './opening.ts';
import { pendingAct } from '../state/pending-act.ts';
import { useFirstRun } from '../state/first-run-store.ts';
import { clearNotice, tell, useStatus } from '../state/status-store.ts';
import type { StudioLink } from '../state/studio-link.ts';

/** The open document with what it is drawn from. */
export interface OpenDocument {
  readonly session: DocumentSession;
  readonly picture: OpenPicture;
}

/** What a new document is made with besides its size: 8 bits, sRGB and a white sheet unless told. */
interface NewDocumentOptions {
  readonly depth?: 8 | 16;
  readonly colourSpace?: 'srgb' | 'display-p3';
  readonly background?: readonly [number, number, number] | null;
}

/** `2026-03-04 17.05.09`: a name that no copy has yet. */
function timeStamp(): string {
  return new Date().toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.');
}

/** A document that opens sooner is not announced. */
const PATIENCE = 300;
/** Quiet time after an edit before the frame is looked at for pixels. */
const CONTENT_DELAY = 100;
const LAST_DOCUMENT = 'page.last-document';

/** Everything that commands and the window work on: the link, the open document, the generator. */
export class Workspace {
  readonly link: StudioLink;
  readonly overlay = new OverlaySlot();
  readonly generator: Generator;
  readonly live: LivePainter;
  /** Exports a copy of what is shown; set by the commands. */
  onExport: (() => Promise<void>) | null = null;
  /** Asks where a copy should go and goes on there; set by the commands. */
  onSaveAs: (() => Promise<void>) | null = null;
  #open: OpenDocument | null = null;
  /** Ends when what is being opened is open. */
  #opening: Promise<void> = Promise.resolve();
  readonly #listeners = new Set<() => void>();
  #penDown = false;
  #penLifted = Number.NEGATIVE_INFINITY;
  #contentTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(link: StudioLink) {
    this.link = link;
    this.generator = new Generator(link, this.overlay);
    this.live = new LivePainter(link, this.overlay);
    useGeneration.subscribe((state, before) => {
      if (state.frame !== before.frame) this.#lookForContent();
    });
    useDocument.subscribe((state, before) => {
      if (state.revision !== before.revision) this.#lookForContent();
      if (state.activeLayerId !== before.activeLayerId)
        this.#open?.picture.compositor.setActiveLayer(state.activeLayerId);
      if (state.soloLayerId !== before.soloLayerId) this.#open?.picture.compositor.setSolo(state.soloLayerId);
    });
  }

  /** The open document, or null before the first. */
  get open(): OpenDocument | null {
    return this.#open;
  }

  /** Calls back when another document is open; returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tools say when a stroke starts and ends: nothing replaces the view under a nib. */
  setPenDown(down: boolean): void {
    this.#penDown = down;
    if (down) return;
    this.live.nibAt(null);
    this.#penLifted = performance.now();
    this.#lookForContent();
  }

  /** True while a stroke is in progress. */
  get penDown(): boolean {
    return this.#penDown;
  }

  /** Creates a document in the studio's folder and opens it. */
  async createDocument(
    name: string,
    width: number,
    height: number,
    options: NewDocumentOptions = {},
  ): Promise<void> {
    await this.#guard(async () => {
      const state = await this.link.request('documents.create', { name, width, height, ...options });
      await this.#adopt(await readDocument(this.link, state));
    });
  }

  /** Opens a document by its file. @returns false when that failed; why is in the status line. */
  async openDocument(path: string): Promise<boolean> {
    return this.#guard(async () => {
      const state = await this.link.request('documents.open', { path });
      await this.#adopt(await readDocument(this.link, state));
      const steps = state.history.filter((step) => step.seq <= state.head).length;
      const [amiss] = state.notices;
      if (state.readOnly !== null) this.#explainReadOnly(state.readOnly);
      else if (amiss !== undefined) this.#explainRepair(amiss, state.notices.length - 1);
      else if (steps > 0) {
        tell({ level: 'info', message: `Restored ${steps} ${steps === 1 ? 'step' : 'steps'}`, remedy: '' });
      }
    });
  }

  /** Shows a document that the studio has just made and opened. @throws StudioError */
  async openState(state: DocumentState): Promise<void> {
    await this.#inTurn(async () => this.#adopt(await readDocument(this.link, state)));
  }

  /** Goes on in a copy under another name. */
  async saveAs(path: string): Promise<boolean> {
    if (!this.#open) return false;
    return this.#guard(async () => {
      const open = this.#open;
      if (!open) return;
      const before = useDocument.getState().path;
      if (useDocument.getState().save.kind === 'held') {
        // What waits cannot be written here: it goes into the copy.
        const state = await this.link.request('documents.save-as', { documentId: open.session.id, path });
        this.generator.notes.rename(before, state.path);
        open.session.goOnIn(state);
        this.link.request('settings.write', { key: LAST_DOCUMENT, value: state.path }).catch(() => undefined);
        await open.session.settled();
        tell({ level: 'info', message: `Moved to ${state.name}. Everything is saved.`, remedy: '' });
        return;
      }
      await open.session.settled();
      const state = await this.link.request('documents.save-as', { documentId: open.session.id, path });
      this.generator.notes.rename(before, state.path);
      const view = useDocument.getState().activeLayerId;
      await this.#adopt(await readDocument(this.link, state), false);
      if (view) this.#open?.session.chooseLayer(view);
      tell({ level: 'info', message: `Saved as ${state.name}`, remedy: '' });
    });
  }

  /** The flattened document as a PNG file. @throws StudioError */
  async exportPng(): Promise<{ fileName: string; png: Uint8Array } | null> {
    const open = this.#open;
    if (!open) return null;
    await open.session.settled();
    return this.link.request('documents.export-png', { documentId: open.session.id });
  }

  /** Opens what was open last, or a new sheet; says so where that takes longer than a moment. */
  async openFirst(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const last = settings[LAST_DOCUMENT];
    const notice = { level: 'info', message: 'Opening what was open last…', remedy: '' } as const;
    const timer = setTimeout(() => tell(notice), PATIENCE);
    const opened = typeof last === 'string' && (await this.openDocument(last));
    if (!opened) await this.createDocument('Untitled', 1024, 1024);
    clearTimeout(timer);
    if (useStatus.getState().notice === notice) clearNotice();
    if (opened) return;
    if (last !== undefined) return;
    // At a first start the next act is to say what to make, or one of the other ways to begin.
    useFirstRun.setState({ offered: true });
    document.querySelector<HTMLElement>('[data-testid="prompt"]')?.focus();
  }

  /** Composited pixels of a rectangle of the open document, RGBA8 straight. */
  readPixels(rect: Rect): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(rect.width * rect.height * 4);
    this.#open?.picture.compositor.render(rect, out);
    return out;
  }

  async #adopt({ session, overview }: OpenedDocument, fit = true): Promise<void> {
    pendingAct.getState().act?.cancel();
    this.live.stop();
    this.#open?.session.close();
    this.#open?.picture.dispose();
    const picture = openPicture(session.document, session.pager);
    if (overview) picture.overview.standIn(overview);
    overview?.close();
    keepOverview(this.link, session, picture.overview);
    // By then all that is seen of a large document was in memory once.
    picture.overview.subscribe(() => this.#lookForContent());
    const { compositor } = picture;
    compositor.setActiveLayer(session.activeLayerId);
    this.#open = { session, picture };
    session.selection.subscribe(() => {
      if (this.#open?.session === session) this.#followSelection(session);
    });
    this.#followSelection(session);
    session.onMove = () => void this.onSaveAs?.();
    const { path, width, height } = useDocument.getState();
    if (fit) fitDocument(width, height);
    for (const listener of this.#listeners) listener();
    this.#lookForContent();
    const model = currentModel(useGeneration.getState());
    if (model && fit) changeForm(workingSize({ width, height }, model));
    this.link.request('settings.write', { key: LAST_DOCUMENT, value: path }).catch(() => undefined);
    await this.generator.setTarget({
      path,
      width,
      height,
      document: session.document,
      selection: () => session.selection.mask,
      activeLayerId: () => session.activeLayerId,
      read: (rect) =>
        toModelColours(readPicture(session.document, compositor, rect), session.document.format),
      penDown: () => this.#penDown,
      penLifted: () => this.#penLifted,
    });
  }

  /** Says what was amiss in the file and made good. @param more how many such things there are besides. */
  #explainRepair(notice: string, more: number): void {
    const others = more === 0 ? '' : ` So did ${more} more.`;
    tell({ level: 'warn', message: notice + others, remedy: 'Drag it to where it belongs.' });
  }

  /** Says why the document may only be looked at, with the ways on. */
  #explainReadOnly(reason: string): void {
    const { path, name, readOnlyCause } = useDocument.getState();
    if (readOnlyCause === 'newer-version') {
      tell({
        level: 'warn',
        message: reason,
        remedy: 'Update or export a copy.',
        action: { label: 'Export copy', run: () => void this.onExport?.() },
      });
      return;
    }
    tell({
      level: 'warn',
      message: reason,
      remedy: 'Close it there, or work on a copy.',
      action: { label: 'Try again', run: () => void this.#openAgain(path) },
      otherAction: { label: 'Copy', run: () => void this.saveAs(`${name} copy ${timeStamp()}`) },
    });
  }

  /** Opens the file anew: it may be free now. */
  async #openAgain(path: string): Promise<void> {
    const id = this.#open?.session.id;
    if (id !== undefined)
      await this.link.request('documents.close', { documentId: id }).catch(() => undefined);
    await this.openDocument(path);
  }

  /** Panels see of the selection only where it lies; a verb that was forced goes with what it was forced upon. */
  #followSelection(session: DocumentSession): void {
    const bounds = session.selection.mask?.bounds() ?? null;
    const { selection, forcedVerb } = useGeneration.getState();
    const appeared = (bounds === null) !== (selection === null);
    useGeneration.setState({ selection: bounds, forcedVerb: appeared ? null : forcedVerb });
    this.#lookForContent();
  }

  #lookForContent(): void {
    clearTimeout(this.#contentTimer);
    this.#contentTimer = setTimeout(() => {
      const frame = this.generator.frame();
      if (!this.#open || !frame || this.#penDown) return;
      const { document } = this.#open.session;
      const frameHasPixels = hasPicture(document, frame);
      const blankBeside = frameHasPixels && isBlankBeside(document, frame);
      const shown = useGeneration.getState();
      if (frameHasPixels !== shown.frameHasPixels || blankBeside !== shown.blankBeside)
        useGeneration.setState({ frameHasPixels, blankBeside });
    }, CONTENT_DELAY);
  }

  /** Documents are opened one after the other, so that the one that was asked for last is the one that is shown. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.#opening.then(act);
    this.#opening = done.catch(() => undefined);
    return done;
  }

  async #guard(act: () => Promise<void>): Promise<boolean> {
    try {
      await this.#inTurn(act);
      return true;
    } catch (error) {
      // What was called off is no failure: what was open is still there.
      if (error instanceof DOMException && error.name === 'AbortError') return false;
      if (!(error instanceof StudioError)) throw error;
      tell({ level: 'bad', message: error.message, remedy: error.remedy });
      return false;
    }
  }
}
