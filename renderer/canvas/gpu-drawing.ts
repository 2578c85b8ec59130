import { GpuCompositor } from '../engine/compositor/gpu/gpu.ts';
import type { PaintDocument } from '../engine/document.ts';
import { EngineError } from '../engine/error.ts';
import { useDocument } from '../state/document/document-store.ts';
import { useLayout } from '../state/layout-store.ts';
import { tell } from '../state/status-store.ts';
import { canvasDevice } from './canvas-device.ts';
import type { PictureSurface } from './picture-surface.ts';

/**
 * Lets a surface be composited on the graphics card where there is one, and on the processor again when it is lost or a
 * document does not fit it.
 */
export class GpuDrawing {
  readonly #document: PaintDocument;
  readonly #surface: () => PictureSurface;
  readonly #onChange: (by: 'cpu' | 'gpu') => void;
  readonly #unsubscribe: () => void;
  #compositor: GpuCompositor | null = null;
  #asked = 0;

  /** @param onChange told on which of the two is drawn from now on. */
  constructor(document: PaintDocument, surface: () => PictureSurface, onChange: (by: 'cpu' | 'gpu') => void) {
    this.#document = document;
    this.#surface = surface;
    this.#onChange = onChange;
    this.#unsubscribe = useLayout.subscribe((state, before) => {
      if (state.canvasDevice !== before.canvasDevice) void this.#choose();
    });
    void this.#choose();
  }

  /** Gives the surface what it is drawn by; for one that was made anew. */
  attach(): void {
    this.#surface().composeOn(this.#compositor, (error) => this.#failed(error));
  }

  dispose(): void {
    this.#asked++;
    this.#unsubscribe();
    this.#drop();
  }

  async #choose(): Promise<void> {
    const asked = ++this.#asked;
    const device = await canvasDevice(useLayout.getState().canvasDevice);
    if (asked !== this.#asked) return;
    this.#drop();
    if (device) {
      this.#compositor = new GpuCompositor(device, this.#document, { tileSlots: 1024 });
      void device.lost.then(() => this.#lost(asked));
    }
    this.attach();
    this.#onChange(device ? 'gpu' : 'cpu');
  }

  #drop(): void {
    this.#compositor?.dispose();
    this.#compositor = null;
  }

  #toProcessor(): void {
    this.#asked++;
    this.#drop();
    this.attach();
    this.#onChange('cpu');
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
