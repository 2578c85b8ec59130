import type { OpenPicture } from './open-picture.ts';
import type { ColourSpace } from '../engine/document-format.ts';
import type { PaintDocument } from '../engine/document.ts';
import { levelForZoom } from '../engine/compositor/level-renderer.ts';
import { intersectRect, isEmptyRect, type Rect, unionRect } from '../engine/geometry/rect.ts';
import { useGeneration } from '../generation/generation-store.ts';
import { AntMarch } from './ant-march.ts';
import { drawSelection, outlineTiles } from './selection-outline.ts';
import type { SelectionMask } from '../engine/selection/selection-mask.ts';
import type { SelectionSlot } from '../state/document/selection-slot.ts';
import { GpuDrawing } from './gpu-drawing.ts';
import { drawFrameOutline } from './frame-outline.ts';
import { useAidSettings } from '../state/aid-store.ts';
import { useLayout } from '../state/layout-store.ts';
import type { OverlaySlot } from './overlay-picture.ts';
import { drawPixelGrid, drawTransparency } from './paper.ts';
import { PaintedOverlay } from './painted-overlay.ts';
import { type PaintedSelection, paintedSelection } from '../state/painted-selection.ts';
import { PicturePages, processorFiller } from './picture-pages.ts';
import { onShownThrough, shownThrough } from './shown-through.ts';
import { seenOf } from './seen.ts';
import { useView } from './view-store.ts';
import { screenBounds, viewMatrix, type ViewTransform } from './view-transform.ts';

/** From this zoom on, document pixels are drawn as hard squares. */
const NEAREST_FROM = 2;

/** Milliseconds without a change after which what was drawn quickly is drawn well. */
const STILL = 120;
/** Milliseconds between two drawings under the pen: what comes sooner waits for the next event, or for the frame. */
const PROMPT_GAP = 4;
/** Strips in which that is done, one a frame. */
const STRIPS = 6;

/** Composites are made ahead of the pen where no more is seen than are kept (see open-picture.ts). */
const WARM_PIXELS = 4096 * 4096;

const WHOLE = { before: 0, ghost: false };
/** How much of a picture is seen that is painted in part by part. */
const GHOST = 0.35;

/**
 * What the screen's canvas is in. On a screen that shows no more than sRGB everything is converted to it here: Chromium's
 * software compositor shows a canvas of another space by its bare numbers.
 */
function screenSpace(space: ColourSpace): ColourSpace {
  return matchMedia('(color-gamut: p3)').matches ? space : 'srgb';
}

/**
 * True where pages are shown smaller than they are: the fine smoothing makes a picture of half the size of each first, and the
 * quick one is seen.
 */
function shrinks({ zoom, rotation }: ViewTransform): boolean {
  return zoom < 1 && (rotation !== 0 || zoom * (1 << levelForZoom(zoom)) < 0.999);
}

/**
 * Draws the document onto the screen's canvas, only where something changed: a dab repaints the pixels it covers, a new
 * view repaints all. That is done once a frame; but what a pen does is drawn as soon as its event is handled, and goes
 * to the screen by itself, where the browser lets a canvas do without the page's frames (`desynchronized`): a frame would
 * have up to 17 ms to come.
 */
export class Presenter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #document: PaintDocument;
  readonly #overlay: OverlaySlot;
  readonly #selection: SelectionSlot;
  readonly #picture: OpenPicture;
  readonly #gpu: GpuDrawing;
  #pages: PicturePages;
  #painted: PaintedOverlay | null = null;
  #width: number;
  #height: number;
  #frame = 0;
  #idle = 0;
  #all = true;
  /** Something may look different since the last frame. */
  #changed = false;
  /** What on the screen was drawn quickly, and is to be drawn well when nothing moves. */
  #rough: Rect | null = null;
  #still: ReturnType<typeof setTimeout> | undefined;
  #marked: '' | 'drawn' | 'settled' = '';
  readonly #penDown: () => boolean;
  /** True where the canvas goes to the screen when it is drawn on, not with the page. */
  readonly #ownPace: boolean;
  /** What was asked for is drawn when the event in hand has been handled. */
  #prompted = false;
  /** When something was drawn last, as `performance.now` counts. */
  #drawnAt = 0;
  readonly #ants: AntMarch;
  #antsMoved = false;
  /** What was drawn quickly is being drawn well. */
  #sharpening = false;
  readonly #stop: (() => void)[] = [];

  /** @param penDown nothing moves under a nib. */
  constructor(
    canvas: HTMLCanvasElement,
    document: PaintDocument,
    picture: OpenPicture,
    overlay: OverlaySlot,
    selection: SelectionSlot,
    penDown: () => boolean,
  ) {
    const context = canvas.getContext('2d', {
      alpha: false,
      desynchronized: true,
      colorSpace: screenSpace(document.format.colourSpace),
    });
    if (!context) throw new Error('This browser has no 2D canvas.');
    this.#canvas = canvas;
    this.#context = context;
    this.#ownPace = context.getContextAttributes().desynchronized === true;
    this.#penDown = penDown;
    this.#document = document;
    this.#picture = picture;
    this.#overlay = overlay;
    this.#selection = selection;
    this.#width = document.width;
    this.#height = document.height;
    this.#pages = this.#makePages();
    this.#ants = new AntMarch(
      () => {
        this.#antsMoved = true;
        this.#wake();
      },
      () => !penDown(),
    );
    this.#gpu = new GpuDrawing(
      document,
      (level, tx, ty) => picture.levels.ready(level, tx, ty),
      () => this.#request(false),
      (by, filler) => {
        canvas.dataset['drawnBy'] = by;
        this.#pages.fillBy(filler ?? processorFiller(picture.levels));
        this.#request(false);
      },
    );
    this.#stop.push(
      document.subscribe(() => this.#request(false)),
      overlay.subscribe(() => this.#request(true)),
      selection.subscribe(() => this.#request(true)),
      useView.subscribe(() => this.#request(true)),
      useGeneration.subscribe((state, before) => {
        if (state.frame !== before.frame) this.#request(true);
      }),
      useLayout.subscribe((state, before) => {
        if (state.pasteboard !== before.pasteboard || state.selectionShown !== before.selectionShown)
          this.#request(true);
      }),
      useAidSettings.subscribe((state, before) => {
        if (state.pixelGridShown !== before.pixelGridShown) this.#request(true);
      }),
      onShownThrough(() => {
        this.#pages.showThrough(shownThrough());
        this.#request(false);
      }),
      paintedSelection.subscribe(({ now }) => this.#showPainted(now)),
    );
    this.#showPainted(paintedSelection.getState().now);
    this.#request(true);
  }

  /** Stops drawing. */
  dispose(): void {
    this.#changed = false;
    cancelAnimationFrame(this.#frame);
    cancelIdleCallback(this.#idle);
    clearTimeout(this.#still);
    for (const stop of this.#stop) stop();
    this.#ants.set(false);
    this.#painted?.dispose();
    this.#gpu.dispose();
    this.#pages.dispose();
  }

  #showPainted(now: PaintedSelection | null): void {
    this.#painted?.dispose();
    this.#painted =
      now?.sheet.width === this.#width && now.sheet.height === this.#height
        ? new PaintedOverlay(now, this.#picture.overview.average(), () => this.#request(true))
        : null;
    this.#request(true);
  }

  #request(all: boolean): void {
    this.#all ||= all;
    if (!this.#changed) this.#canvas.dataset['behind'] = 'true';
    this.#changed = true;
    this.#wake();
    if (this.#ownPace) this.#prompt();
  }

  /** Draws under the pen when the event in hand has been handled. */
  #prompt(): void {
    if (this.#prompted) return;
    this.#prompted = true;
    queueMicrotask(() => {
      this.#prompted = false;
      if (this.#changed && this.#penDown() && performance.now() - this.#drawnAt >= PROMPT_GAP)
        this.#present();
    });
  }

  #wake(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#changed) {
        this.#present();
        return;
      }
      if (this.#antsMoved) this.#moveAnts();
      if (this.#sharpening) this.#sharpen();
    });
  }

  #present(): void {
    this.#changed = false;
    this.#sharpening = false;
    const { view, screenWidth, screenHeight } = useView.getState();
    if (this.#canvas.width !== screenWidth || this.#canvas.height !== screenHeight) {
      this.#canvas.width = screenWidth;
      this.#canvas.height = screenHeight;
      this.#all = true;
    }
    if (this.#document.width !== this.#width || this.#document.height !== this.#height) this.#resize();
    const changed = this.#pages.update(view, { width: screenWidth, height: screenHeight });
    const whole = { x: 0, y: 0, width: screenWidth, height: screenHeight };
    const region = this.#all ? whole : changed && this.#grown(view, changed);
    if (region === whole) this.#rough = null;
    this.#all = false;
    if (region && !isEmptyRect(region)) {
      this.#draw(view, [region], shrinks(view) ? 'low' : 'medium');
      const seen = intersectRect(region, whole);
      if (shrinks(view)) this.#rough = this.#rough ? unionRect(this.#rough, seen) : seen;
    }
    this.#drawnAt = performance.now();
    this.#ants.set(this.#outlined() !== null);
    if (this.#antsMoved) this.#moveAnts();
    const { settled } = this.#pages;
    this.#mark(settled);
    this.#canvas.dataset['behind'] = String(!settled);
    this.#canvas.dataset['drawnUntil'] = this.#pages.drawnUntil.toFixed(1);
    this.#canvas.dataset['settled'] = String(settled && !this.#rough);
    if (!settled) {
      if (!this.#gpu.filler) this.#request(false);
      return;
    }
    this.#warmWhenIdle();
    this.#sharpenWhenStill();
  }

  /** Draws well, in strips, what was drawn quickly while it moved: a fine smoothing of all that is seen takes several frames. */
  #sharpenWhenStill(): void {
    clearTimeout(this.#still);
    if (!this.#rough) return;
    this.#still = setTimeout(() => {
      this.#sharpening = true;
      this.#wake();
    }, STILL);
  }

  #sharpen(): void {
    const rough = this.#rough;
    if (!rough) return;
    const { view, screenHeight } = useView.getState();
    const height = Math.min(rough.height, Math.ceil(screenHeight / STRIPS));
    this.#draw(view, [{ ...rough, height }], 'high');
    const rest = { ...rough, y: rough.y + height, height: rough.height - height };
    this.#rough = isEmptyRect(rest) ? null : rest;
    this.#sharpening = this.#rough !== null;
    if (this.#rough) this.#wake();
    else this.#canvas.dataset['settled'] = 'true';
  }

  /** The selection whose outline is drawn, if any; painted ones are seen by their hatching. */
  #outlined(): SelectionMask | null {
    return useLayout.getState().selectionShown && !this.#painted ? this.#selection.mask : null;
  }

  /** Draws again where the outline runs, and nowhere else. */
  #moveAnts(): void {
    this.#antsMoved = false;
    const mask = this.#outlined();
    if (!mask) return;
    const began = performance.now();
    const { view, screenWidth, screenHeight } = useView.getState();
    const screen = { x: 0, y: 0, width: screenWidth, height: screenHeight };
    const regions = outlineTiles(mask)
      .map((tile) => intersectRect(this.#grown(view, tile), screen))
      .filter((region) => !isEmptyRect(region));
    if (regions.length > 0) this.#draw(view, regions, shrinks(view) ? 'high' : 'medium');
    this.#ants.took(performance.now() - began);
  }

  /** Marks for whoever measures: when the document was first drawn, and when all of what is seen was. */
  #mark(settled: boolean): void {
    if (this.#marked === 'settled') return;
    if (this.#marked === '') performance.mark('impasto:drawn');
    if (settled) performance.mark('impasto:settled');
    this.#marked = settled ? 'settled' : 'drawn';
  }

  /** Makes composites ahead of the pen while nothing else is to be done, so that the first dab is as quick as the next. */
  #warmWhenIdle(): void {
    cancelIdleCallback(this.#idle);
    if (this.#canvas.dataset['drawnBy'] === 'gpu') return;
    this.#idle = requestIdleCallback((deadline) => {
      const { view, screenWidth, screenHeight } = useView.getState();
      const screen = { width: screenWidth, height: screenHeight };
      const seen = intersectRect(seenOf(view, screen), this.#document.canvas);
      if (seen.width * seen.height > WARM_PIXELS) return;
      if (!this.#picture.compositor.warm(seen, () => deadline.timeRemaining() < 3)) this.#warmWhenIdle();
    });
  }

  #resize(): void {
    this.#pages.dispose();
    this.#width = this.#document.width;
    this.#height = this.#document.height;
    this.#pages = this.#makePages();
    if (this.#gpu.filler) this.#pages.fillBy(this.#gpu.filler);
    this.#all = true;
  }

  #makePages(): PicturePages {
    const { compositor, levels, overview } = this.#picture;
    const pages = new PicturePages(
      this.#document,
      compositor.followDamage(),
      overview,
      processorFiller(levels),
    );
    pages.showThrough(shownThrough());
    return pages;
  }

  /** A document rectangle on screen, with room for the reach of smoothing. */
  #grown(view: ViewTransform, rect: Rect): Rect {
    const bounds = screenBounds(view, rect);
    const margin = Math.ceil(2 + view.zoom);
    return {
      x: bounds.x - margin,
      y: bounds.y - margin,
      width: bounds.width + 2 * margin,
      height: bounds.height + 2 * margin,
    };
  }

  #draw(view: ViewTransform, regions: readonly Rect[], quality: ImageSmoothingQuality): void {
    const context = this.#context;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.beginPath();
    for (const { x, y, width, height } of regions) context.rect(x, y, width, height);
    context.clip();
    context.fillStyle = useLayout.getState().pasteboard;
    for (const { x, y, width, height } of regions) context.fillRect(x, y, width, height);
    context.imageSmoothingEnabled = view.zoom < NEAREST_FROM;
    context.imageSmoothingQuality = quality;
    drawTransparency(context, view, this.#width, this.#height);
    this.#pages.draw(context, view);
    for (const over of [this.#overlay.under, this.#overlay.picture]) {
      if (!over) continue;
      context.setTransform(...viewMatrix(view));
      context.imageSmoothingEnabled = true;
      context.imageSmoothingQuality = 'high';
      const { x, y, width, height } = over.frame;
      const { before, ghost } = over === this.#overlay.picture ? this.#overlay.look : WHOLE;
      context.save();
      context.beginPath();
      context.rect(x + width * before, y, width * (1 - before), height);
      context.clip();
      context.globalAlpha = ghost ? GHOST : 1;
      context.drawImage(over.image, x, y, width, height);
      context.restore();
    }
    const { frame } = useGeneration.getState();
    if (frame) drawFrameOutline(context, view, frame, useView.getState().scale);
    const { draft } = this.#selection;
    const { scale } = useView.getState();
    drawSelection(context, view, this.#outlined(), draft, scale, this.#ants.phase);
    this.#painted?.draw(context, view, scale);
    if (useAidSettings.getState().pixelGridShown)
      drawPixelGrid(context, view, this.#width, this.#height, this.#canvas);
    context.restore();
  }
}
