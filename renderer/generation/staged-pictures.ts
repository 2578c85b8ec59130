import type { Raster, ResultSummary } from '../../preload/contract/index.ts';
import type { OverlaySlot } from '../canvas/overlay-picture.ts';
import type { Rect } from '../engine/geometry/rect.ts';
import type { SelectionMask } from '../engine/selection/selection-mask.ts';
import { readRegion } from '../engine/tiles/region.ts';
import type { StudioLink } from '../state/studio-link.ts';
import type { GuideLayer } from './canvas-facts.ts';
import { autoFrame } from './frame.ts';
import type { GenerationTarget } from './generation-target.ts';
import { leads, type StripItem, useGeneration } from './generation-store.ts';
import { unpackMask } from './pack-mask.ts';
import { RasterCache } from './raster-cache.ts';
import { maskedImage, rasterImage } from './raster-image.ts';
import type { StagingNotes } from './staging.ts';

/** Bytes of fetched pictures that are kept: some dozens of a megapixel. */
const FETCHED_BYTES = 128 * 2 ** 20;
/** A new result shows itself only when the pen has been up this long. */
const QUIET_MILLISECONDS = 2000;

/** What pictures that wait are shown with. */
interface StagedPicturesOptions {
  readonly link: StudioLink;
  readonly overlay: OverlaySlot;
  readonly notes: StagingNotes;
  readonly target: () => GenerationTarget | null;
  readonly explain: (error: unknown) => void;
}

/** The strip of pictures that wait, and which of them is seen over the canvas. */
export class StagedPictures {
  readonly #link: StudioLink;
  readonly #overlay: OverlaySlot;
  readonly #notes: StagingNotes;
  readonly #target: () => GenerationTarget | null;
  readonly #explain: (error: unknown) => void;
  readonly #rasters = new RasterCache(FETCHED_BYTES);

  constructor({ link, overlay, notes, target, explain }: StagedPicturesOptions) {
    this.#link = link;
    this.#overlay = overlay;
    this.#notes = notes;
    this.#target = target;
    this.#explain = explain;
  }

  /** Looks at a staged picture in place, or at none. */
  async choose(id: string | null): Promise<void> {
    useGeneration.setState((state) => ({
      chosenId: id,
      unseen: id === state.strip[0]?.id ? 0 : state.unseen,
    }));
    const item = useGeneration.getState().strip.find((each) => each.id === id);
    if (item?.kind !== 'result') {
      this.#overlay.show(null);
      useGeneration.setState({ previewShown: false });
      return;
    }
    try {
      const raster = await this.raster(item.id);
      if (useGeneration.getState().chosenId !== id) return;
      const image = maskedImage(raster, this.frameOf(item.summary), await this.maskOf(item.summary));
      if (useGeneration.getState().chosenId !== id) return;
      this.#overlay.show({ image, frame: this.frameOf(item.summary) });
      useGeneration.setState({ previewShown: false });
    } catch (error) {
      this.#explain(error);
    }
  }

  /** Shows over the canvas what a model sees of a layer that guides it, or no longer with null. */
  async seeGuide(layer: GuideLayer | null, frame: Rect | null): Promise<void> {
    const target = this.#target();
    if (!layer || !target || !frame) {
      await this.choose(useGeneration.getState().chosenId);
      return;
    }
    const rgba = new Uint8Array(readRegion(target.document.layers.get(layer.id), frame).buffer);
    const raster = { width: frame.width, height: frame.height, rgba };
    try {
      const { prepare } = layer.guide;
      const seen = await this.#link.request('generation.see-guide', { raster, prepare });
      this.#overlay.show({ image: rasterImage(seen.raster), frame });
    } catch (error) {
      this.#explain(error);
    }
  }

  /** A result's pixels, fetched once. */
  async raster(resultId: string): Promise<Raster> {
    const known = this.#rasters.get(resultId);
    if (known) return known;
    const { raster } = await this.#link.request('generation.result', { resultId });
    this.#rasters.set(resultId, raster);
    return raster;
  }

  /** Where a result belongs in the open document. */
  frameOf(summary: ResultSummary): Rect {
    const noted = this.#notes.find(summary.jobId);
    if (noted && noted.path === this.#target()?.path) return noted.frame;
    return autoFrame(this.#target() ?? summary, summary);
  }

  /** What of a result is taken; null takes all of it. */
  async maskOf(summary: ResultSummary): Promise<SelectionMask | null> {
    const noted = this.#notes.find(summary.jobId);
    return noted?.path === this.#target()?.path && noted?.mask ? unpackMask(noted.mask) : null;
  }

  /** Puts a result of the gallery into the strip and looks at it. */
  stage(summary: ResultSummary): void {
    const { strip } = useGeneration.getState();
    if (!strip.some((item) => item.id === summary.resultId)) {
      const item: StripItem = { kind: 'result', id: summary.resultId, summary };
      useGeneration.setState({ strip: [item, ...strip] });
    }
    useGeneration.setState({ stripOpen: true });
    void this.choose(summary.resultId);
  }

  /** Takes a thumb off the strip with a decision, and looks at its neighbour. */
  settle(id: string, decision: 'accepted' | 'rejected'): void {
    const { strip } = useGeneration.getState();
    const index = strip.findIndex((each) => each.id === id);
    const item = strip[index];
    if (!item) return;
    if (item.kind === 'result') this.#notes.decide(item.summary.jobId, decision);
    const rest = strip.filter((each) => each.id !== id);
    useGeneration.setState({ strip: rest, chosenId: null });
    const next = decision === 'rejected' ? (rest[index] ?? rest[index - 1]) : undefined;
    void this.choose(next?.kind === 'result' ? next.id : null);
  }

  /** Whether what comes now may be shown over the canvas: nobody paints or looks at something else. */
  mayShow(): boolean {
    const { chosenId, strip, stripOpen } = useGeneration.getState();
    const target = this.#target();
    if (!target || !stripOpen || target.penDown()) return false;
    if (performance.now() - target.penLifted() < QUIET_MILLISECONDS) return false;
    return chosenId === null || chosenId === strip[0]?.id;
  }

  /** Shows what a job of the open document is heading to. */
  async showPreview(jobId: string, raster: Raster): Promise<void> {
    const note = this.#notes.find(jobId);
    if (!note || note.path !== this.#target()?.path) return;
    const mask = note.mask === undefined ? null : await unpackMask(note.mask);
    if (!leads(jobId) || !this.mayShow()) return;
    this.#overlay.show({ image: maskedImage(raster, note.frame, mask), frame: note.frame });
    useGeneration.setState({ previewShown: true });
  }

  /** Shows a picture that came too soon after the pen was lifted, unless the pen or the eye went elsewhere meanwhile. */
  showOnceQuiet(resultId: string): void {
    const target = this.#target();
    if (!target || target.penDown()) return;
    const wait = target.penLifted() + QUIET_MILLISECONDS - performance.now();
    if (wait <= 0) return;
    setTimeout(() => {
      const { chosenId, strip, stripOpen } = useGeneration.getState();
      const onNewest = chosenId === null || chosenId === strip[1]?.id;
      if (target !== this.#target() || strip[0]?.id !== resultId || !onNewest || !stripOpen) return;
      if (target.penDown() || performance.now() - target.penLifted() < QUIET_MILLISECONDS) return;
      useGeneration.setState({ unseen: 0 });
      void this.choose(resultId);
    }, wait + 1);
  }

  /** Shows what is chosen in place of a preview, where there is one. */
  clearPreview(): void {
    if (!useGeneration.getState().previewShown) return;
    useGeneration.setState({ previewShown: false });
    void this.choose(useGeneration.getState().chosenId);
  }
}
