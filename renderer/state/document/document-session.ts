import type { DocumentState, StudioError } from '../../../preload/contract/index.ts';
import { type Change, NOTE_KEYS, type NoteKey } from '../../engine/changes.ts';
import type { PaintDocument } from '../../engine/document.ts';
import { EngineError } from '../../engine/error.ts';
import { History } from '../../engine/history/history.ts';
import { holdsPixels, type LayerRecord } from '../../engine/layers/layer-record.ts';
import type { PlaneName } from '../../engine/layers/layer.ts';
import { tell } from '../status-store.ts';
import type { StudioLink } from '../studio-link.ts';
import { AidsSlot } from './aids-slot.ts';
import { useDocument } from './document-store.ts';
import { SavedSelections } from './saved-selections.ts';
import { SelectionSlot } from './selection-slot.ts';
import { Journal } from './journal.ts';
import type { TilePager } from './tile-pager.ts';

/**
 * The open document: its pixels in memory, its history, and the journal that carries each step to the file. Panels see
 * it through `useDocument`; tools change it through `record`, `undo` and `redo`.
 */
export class DocumentSession {
  /** Why the file may only be looked at, or null. */
  readonly readOnly: string | null;
  readonly document: PaintDocument;
  readonly history: History;
  /** What is selected; tools paint only there. */
  readonly selection: SelectionSlot;
  /** Selections that were given names. */
  readonly savedSelections: SavedSelections;
  /** Guides, grid and drawing rulers. */
  readonly aids: AidsSlot;
  /** Brings its pixels from the file, and lets them go. */
  readonly pager: TilePager;
  /** Saves the document where there is room; set by whoever can ask where. */
  onMove: (() => void) | null = null;
  readonly #journal: Journal;
  readonly #unsubscribe: (() => void)[] = [];
  #activeLayerId: string | null;
  #chosenLayerIds: readonly string[];
  #activePlane: PlaneName = 'pixels';
  #framePending = false;
  #closed = false;
  #walks = 0;

  constructor(link: StudioLink, state: DocumentState, document: PaintDocument, pager: TilePager) {
    this.readOnly = state.readOnly;
    this.document = document;
    this.pager = pager;
    this.#journal = new Journal({
      link,
      state,
      reopen: () => link.request('documents.open', { path: useDocument.getState().path }),
      onState: (save) => this.#mirror({ save }),
      onThinned: (seq) => {
        this.history.forget(seq);
        this.mirrorNow();
      },
      onTrouble: (error) => this.#explain(error),
    });
    this.history = new History(document, {
      store: this.#journal,
      steps: state.history,
      head: state.head,
      base: state.floor,
    });
    this.#activeLayerId = topPaintable(state.layers);
    this.#chosenLayerIds = this.#activeLayerId === null ? [] : [this.#activeLayerId];
    const keep = (key: NoteKey, label: string, bytes: Uint8Array | null): boolean =>
      this.#keepNote(key, label, bytes);
    this.selection = new SelectionSlot(keep);
    this.savedSelections = new SavedSelections(keep);
    this.aids = new AidsSlot(keep);
    for (const key of NOTE_KEYS) this.#followNote(key);
    this.#unsubscribe.push(
      document.subscribe((event) => {
        // A stroke in progress changes nothing that panels show: they stay still under the nib.
        if (event.changes.length > 0) this.#changed();
        const noted = new Set(event.changes.map((change) => (change.type === 'note' ? change.key : null)));
        for (const key of NOTE_KEYS) if (noted.has(key)) this.#followNote(key);
      }),
      this.history.subscribe((event) => {
        if (event.type === 'commit') this.#journal.commit(event.entry);
        else this.#journal.moveHead(event.head);
        this.mirrorNow();
      }),
    );
    pager.serve(this);
    useDocument.setState({
      open: true,
      id: state.id,
      name: state.name,
      path: state.path,
      resolution: state.resolution,
      readOnly: state.readOnly,
      readOnlyCause: state.readOnlyCause,
      soloLayerId: null,
      savePoints: state.savePoints,
      save: { kind: 'saved', at: Date.now() },
    });
    this.mirrorNow();
  }

  /** The studio's name for the open document. */
  get id(): string {
    return this.#journal.documentId;
  }

  /** True when the file holds the very document that is in memory. */
  get inFile(): boolean {
    return this.#journal.waiting === 0 && !this.history.isOpen && this.#walks === 0;
  }

  /** Has the file opened again by a studio that was restarted. */
  recover(): Promise<void> {
    return this.#journal.recover();
  }

  /** The layer that tools work on, if one is chosen. */
  get activeLayerId(): string | null {
    return this.#activeLayerId;
  }

  /** Layers that are dealt with together; the active one is among them. */
  get chosenLayerIds(): readonly string[] {
    return this.#chosenLayerIds;
  }

  /** What of that layer they work on: its pixels, or its mask. */
  get activePlane(): PlaneName {
    return this.#activePlane;
  }

  /** True while steps are being read back from the file. */
  get walking(): boolean {
    return this.#walks > 0;
  }

  /** Makes a layer the one that tools work on, and the only one chosen. */
  chooseLayer(id: string): void {
    this.#makeActive(id, [id]);
  }

  /** Chooses layers to be dealt with together; tools work on the one that they worked on before, else on the last of them. */
  chooseLayers(ids: readonly string[]): void {
    const known = ids.filter((id) => this.document.layers.find(id));
    const kept = known.find((id) => id === this.#activeLayerId);
    const active = kept ?? known.at(-1);
    if (active === undefined) return;
    if (kept === undefined) this.#makeActive(active, known);
    else {
      this.#chosenLayerIds = known;
      this.#mirror({ chosenLayerIds: known });
    }
  }

  #makeActive(id: string, chosen: readonly string[]): void {
    const layer = this.document.layers.find(id);
    if (!layer) return;
    this.#activeLayerId = id;
    this.#chosenLayerIds = chosen;
    // A layer without pixels of its own has only its mask to work on.
    this.#activePlane = !holdsPixels(layer.record.kind) && layer.record.mask ? 'mask' : 'pixels';
    this.#mirror({ activeLayerId: id, chosenLayerIds: chosen, activePlane: this.#activePlane });
  }

  /** Makes a layer's pixels, or its mask, what tools work on. */
  choosePlane(id: string, plane: PlaneName): void {
    this.chooseLayer(id);
    if (plane === 'mask' && !this.document.layers.find(id)?.record.mask) return;
    this.#activePlane = plane;
    this.#mirror({ activePlane: plane });
  }

  /** Applies changes as one named step; it is on its way to the file when this returns. @throws EngineError */
  record(label: string, changes: readonly Change[]): void {
    this.history.record(label, changes);
  }

  /** Takes the last step back. @returns its label, or null when there is none. */
  async undo(): Promise<string | null> {
    const label = this.history.steps.find((step) => step.seq === this.history.head)?.label ?? null;
    return (await this.#walk(() => this.history.undo())) ? label : null;
  }

  /** Does the next step again. @returns its label, or null when there is none. */
  async redo(): Promise<string | null> {
    const moved = await this.#walk(() => this.history.redo());
    if (!moved) return null;
    return this.history.steps.find((step) => step.seq === this.history.head)?.label ?? null;
  }

  /** Walks to the state right after a step. */
  async moveTo(seq: number): Promise<void> {
    await this.#walk(async () => {
      await this.history.moveTo(seq);
      return true;
    });
  }

  /** Resolves when every step is on disk. */
  async settled(): Promise<void> {
    await this.#journal.settled();
  }

  /** Tries again at once what could not be written. */
  retry(): void {
    this.#journal.retry();
  }

  /** Goes on in a copy of the file that holds the same steps: what waits is written there. */
  goOnIn({ id, name, path }: DocumentState): void {
    this.#journal.goOnIn(id);
    this.#mirror({ id, name, path });
  }

  /** Lets go of the document; steps that still wait are given up by the page, so settle first. */
  close(): void {
    this.#closed = true;
    this.pager.close();
    for (const stop of this.#unsubscribe) stop();
    this.#journal.close();
  }

  /** Brings the panels' mirror up to date at once. */
  mirrorNow(): void {
    const shown = useDocument.getState();
    const layers = sameOr(
      shown.layers,
      [...this.document.layers.all()].map((layer) => layer.record),
    );
    if (!this.#activeLayerId || !layers.some((layer) => layer.id === this.#activeLayerId)) {
      this.#activeLayerId = topPaintable(layers);
    }
    const { layers: tree } = this.document;
    const chosen = this.#chosenLayerIds.filter((id) => tree.find(id));
    const active = this.#activeLayerId;
    // Undo may have taken away what was chosen.
    if (active !== null && !chosen.includes(active)) this.#chosenLayerIds = [active];
    else if (chosen.length < this.#chosenLayerIds.length) this.#chosenLayerIds = chosen;
    if (!layers.some((layer) => layer.id === this.#activeLayerId && layer.mask !== null))
      this.#activePlane = 'pixels';
    this.#mirror({
      layers,
      activeLayerId: this.#activeLayerId,
      chosenLayerIds: this.#chosenLayerIds,
      activePlane: this.#activePlane,
      format: this.document.format,
      width: this.document.width,
      height: this.document.height,
      history: sameOr(shown.history, this.history.steps),
      head: this.history.head,
      base: this.history.base,
      canUndo: this.history.canUndo,
      canRedo: this.history.canRedo,
      revision: shown.revision + 1,
    });
  }

  #keepNote(key: NoteKey, label: string, bytes: Uint8Array | null): boolean {
    if (this.readOnly !== null) return false;
    try {
      this.record(label, [{ type: 'note', key, bytes }]);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      tell({ level: 'warn', message: error.message, remedy: '' });
      this.#followNote(key);
    }
    return true;
  }

  #followNote(key: NoteKey): void {
    const bytes = this.document.note(key);
    try {
      switch (key) {
        case 'selection':
          return this.selection.follow(bytes);
        case 'saved-selections':
          return this.savedSelections.follow(bytes);
        case 'aids':
          return this.aids.follow(bytes);
      }
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      tell({ level: 'warn', message: error.message, remedy: 'The picture is as it was.' });
    }
  }

  async #walk(move: () => Promise<boolean>): Promise<boolean> {
    this.#walks++;
    try {
      return await move();
    } catch (error) {
      // The file may have moved where memory could not follow; memory is what the painter sees.
      this.#journal.moveHead(this.history.head);
      tell({
        level: 'warn',
        message: error instanceof Error ? error.message : String(error),
        remedy: 'The picture is as it was.',
      });
      return false;
    } finally {
      this.#walks--;
    }
  }

  #changed(): void {
    if (this.#framePending) return;
    this.#framePending = true;
    requestAnimationFrame(() => {
      this.#framePending = false;
      if (!this.#closed) this.mirrorNow();
    });
  }

  #mirror(change: Partial<ReturnType<typeof useDocument.getState>>): void {
    if (!this.#closed) useDocument.setState(change);
  }

  #explain(error: StudioError): void {
    if (error.code.startsWith('link/')) return;
    tell({
      level: 'bad',
      message: error.message,
      remedy: error.remedy,
      action: { label: 'Try now', run: () => this.retry() },
      ...(error.code === 'document/disk-full' && this.onMove
        ? { otherAction: { label: 'Move', run: () => this.onMove?.() } }
        : {}),
    });
  }
}

/** The list that is shown already when the new one holds the same items, so that panels need not draw it again. */
function sameOr<T>(shown: readonly T[], next: readonly T[]): readonly T[] {
  return shown.length === next.length && shown.every((item, index) => item === next[index]) ? shown : next;
}

/** The topmost unlocked layer that can be painted on, else the topmost with pixels. */
function topPaintable(layers: readonly LayerRecord[]): string | null {
  const top = layers.filter((layer) => holdsPixels(layer.kind)).toReversed();
  return (top.find((layer) => !layer.locked) ?? top[0])?.id ?? null;
}
