import type { PaintDocument } from '../engine/document.ts';
import { intersectRect, isEmptyRect, type Rect } from '../engine/geometry/rect.ts';
import { TILE_SIZE } from '../engine/tiles/tile.ts';
import type { PaintedSelection } from '../state/painted-selection.ts';
import { viewMatrix, type ViewTransform } from './view-transform.ts';

/** Distance of hatching lines in CSS px. */
const GAP = 10;
/** Colours to tint with; the one farthest from the picture is taken. */
const TINTS: readonly (readonly [number, number, number])[] = [
  [255, 0, 170],
  [0, 220, 90],
  [0, 140, 255],
  [255, 170, 0],
];

/** The tint that differs most from an average colour. */
export function farthestTint(average: readonly [number, number, number]): string {
  const distance = (tint: readonly [number, number, number]): number =>
    tint.reduce((sum, value, k) => sum + (value - (average[k] ?? 0)) ** 2, 0);
  const [best] = TINTS.toSorted((a, b) => distance(b) - distance(a));
  return `rgb(${(best ?? [255, 0, 170]).join(' ')} / 35%)`;
}

/** Shows a selection that is being painted: a tint, and hatching in black and white that no picture hides. */
export class PaintedOverlay {
  readonly #painted: PaintedSelection;
  readonly #mask: OffscreenCanvas;
  readonly #pen: OffscreenCanvasRenderingContext2D;
  readonly #tint: string;
  readonly #stop: () => void;
  #sheet: OffscreenCanvas | null = null;

  /**
   * @param average colour of the picture, to choose the tint against.
   * @param onChange is called when something else is to be seen.
   */
  constructor(painted: PaintedSelection, average: readonly [number, number, number], onChange: () => void) {
    const { sheet } = painted;
    const mask = new OffscreenCanvas(sheet.width, sheet.height);
    const pen = mask.getContext('2d');
    if (!pen) throw new Error('This browser has no 2D canvas.');
    this.#painted = painted;
    this.#mask = mask;
    this.#pen = pen;
    this.#tint = farthestTint(average);
    this.#stop = sheet.subscribe(({ pixels, structure }) => {
      for (const { rect } of pixels) this.#copy(rect);
      if (structure) this.#copy(sheet.canvas);
      onChange();
    });
    this.#copy(sheet.canvas);
  }

  /** The document that it shows. */
  get sheet(): PaintDocument {
    return this.#painted.sheet;
  }

  /** Stops following. */
  dispose(): void {
    this.#stop();
  }

  /** Draws it over the picture. @param scale device pixels a CSS px. */
  draw(context: CanvasRenderingContext2D, view: ViewTransform, scale: number): void {
    const { width, height } = context.canvas;
    if (this.#sheet?.width !== width || this.#sheet.height !== height)
      this.#sheet = new OffscreenCanvas(width, height);
    const pen = this.#sheet.getContext('2d');
    if (!pen) return;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.globalCompositeOperation = 'source-over';
    pen.clearRect(0, 0, width, height);
    pen.fillStyle = this.#tint;
    pen.fillRect(0, 0, width, height);
    hatch(pen, width, height, scale);
    pen.globalCompositeOperation = 'destination-in';
    pen.setTransform(...viewMatrix(view));
    pen.drawImage(this.#mask, 0, 0);
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#sheet, 0, 0);
    context.restore();
  }

  /** Brings a rectangle of the mask's picture up to date. */
  #copy(rect: Rect): void {
    const { layer, sheet } = this.#painted;
    for (let y = rect.y; y < rect.y + rect.height; y += TILE_SIZE) {
      for (let x = rect.x; x < rect.x + rect.width; x += TILE_SIZE) {
        const part = intersectRect(
          intersectRect(rect, { x, y, width: TILE_SIZE, height: TILE_SIZE }),
          sheet.canvas,
        );
        if (isEmptyRect(part)) continue;
        const image = this.#pen.createImageData(part.width, part.height);
        for (let row = 0; row < part.height; row++) {
          for (let column = 0; column < part.width; column++) {
            const px = part.x + column;
            const py = part.y + row;
            const tile = layer.mask.get(Math.floor(px / TILE_SIZE), Math.floor(py / TILE_SIZE));
            const value = tile
              ? (tile[(py % TILE_SIZE) * TILE_SIZE + (px % TILE_SIZE)] ?? 0)
              : layer.maskOutside;
            image.data[(row * part.width + column) * 4 + 3] = value;
          }
        }
        this.#pen.putImageData(image, part.x, part.y);
      }
    }
  }
}

/** Lines at 45°, a black and a white one side by side. */
function hatch(pen: OffscreenCanvasRenderingContext2D, width: number, height: number, scale: number): void {
  pen.lineWidth = Math.max(1, 1.5 * scale);
  for (const [colour, shift] of [
    ['rgb(0 0 0 / 75%)', 0],
    ['rgb(255 255 255 / 75%)', pen.lineWidth * Math.SQRT2],
  ] as const) {
    pen.strokeStyle = colour;
    pen.beginPath();
    for (let x = -height; x < width; x += GAP * scale) {
      pen.moveTo(x + shift, height);
      pen.lineTo(x + shift + height, 0);
    }
    pen.stroke();
  }
}
