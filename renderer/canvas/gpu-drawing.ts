import { GpuCompositor } from '../engine/compositor/gpu/gpu.ts';
import type { PaintDocument } from '../engine/document.ts';
import { EngineError } from '../engine/error.ts';
import { useDocument } from '../state/document/document-store.ts';
import { useLayout } from '../state/layout-store.ts';
import { tell } from '../state/status-store.ts';
import { canvasDevice, isInSoftware } from './canvas-device.ts';
import { GraphicsFiller } from './graphics-filler.ts';
import type { PageFiller } from './picture-pages.ts';

/**
 * Has the picture composited on the graphics card where there is one, and on the processor again when it is lost or a
 * document does not fit it.
 */
export class GpuDrawing {
  readonly #document: PaintDocument;
  readonly #ready: (level: number, tx: number, ty: number) => boolean;
  readonly #onLate: () => void;
  readonly #onChange: (by: 'cpu' | 'gpu', filler: PageFiller | null) => void;
  readonly #stops: readonly (() => void)[];
  #compositor: GpuCompositor | null = null;
  #filler: GraphicsFiller | null = null;
  #asked = 0;

  /**
   * @param ready false where the pixels of a tile are not in memory yet.
   * @param onLate called when the card has brought pixels.
   * @param onChange told on which of the two is drawn from now on, with what fills the pages on the card.
   */
  constructor(
    document: PaintDocument,
    ready: (level: number, tx: number, ty: number) => boolean,
    onLate: () => void,
    onChange: (by: 'cpu' | 'gpu', filler: PageFiller | null) => void,
  ) {
    this.#document = document;
    this.#ready = ready;
    this.#onLate = onLate;
    this.#onChange = onChange;
    this.#stops = [
      useLayout.subscribe((state, before) => {
        if (state.canvasDevice !== before.canvasDevice) void this.#choose();
      }),
      useDocument.subscribe(({ soloLayerId }) => this.#compositor?.setSolo(soloLayerId)),
    ];
    void this.#choose();
  }

  /** What fills pages on the graphics card; null while the processor does. */
  get filler(): PageFiller | null {
    return this.#filler;
  }

  dispose(): void {
    this.#asked++;
    for (const stop of this.#stops) stop();
    this.#drop();
  }

  async #choose(): Promise<void> {
    const asked = ++this.#asked;
    const device = await canvasDevice(useLayout.getState().canvasDevice);
    if (asked !== this.#asked) return;
    this.#drop();
    if (device) {
      this.#compositor = new GpuCompositor(device, this.#document, {
        tileSlots: 1024,
        general: !isInSoftware(device),
      });
      this.#compositor.setSolo(useDocument.getState().soloLayerId);
      this.#filler = new GraphicsFiller(
        this.#compositor,
        () => this.#document.canvas,
        this.#ready,
        this.#onLate,
        (error) => this.#failed(error),
      );
      void device.lost.then(() => this.#lost(asked));
    }
    this.#onChange(device ? 'gpu' : 'cpu', this.#filler);
  }

  #drop(): void {
    this.#filler?.stop();
    this.#filler = null;
    this.#compositor?.dispose();
    this.#compositor = null;
  }

  #toProcessor(): void {
    this.#asked++;
    this.#drop();
    this.#onChange('cpu', null);
  }

  #lost(asked: number): void {
    if (asked !== this.#asked) return;
    this.#toProcessor();
    const { history, save } = useDocument.getState();
    const safe = save.kind === 'saved' ? `All ${history.length} strokes are on disk. ` : '';
    tell({
      level: 'warn',
      message: `The graphics driver restarted. ${safe}The canvas draws on the CPU until the GPU answers.`,
      remedy: '',
      action: { label: 'Try GPU', run: () => void this.#choose() },
    });
  }

  #failed(error: unknown): void {
    if (!this.#compositor) return;
    this.#toProcessor();
    tell({
      level: 'info',
      message:
        error instanceof EngineError
          ? `${error.message} The canvas draws on the CPU.`
          : 'The graphics card could not draw this. The canvas draws on the CPU.',
      remedy: '',
      action: { label: 'Try GPU', run: () => void this.#choose() },
    });
  }
}
