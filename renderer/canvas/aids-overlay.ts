import { useAidSettings, useSnapLines } from '../state/aid-store.ts';
import { useAids } from '../state/document/aids-slot.ts';
import { useDocument } from '../state/document/document-store.ts';
import { isBrushTool, usePaint } from '../state/paint-store.ts';
import { pendingAct } from '../state/pending-act.ts';
import { loupe } from '../state/loupe.ts';
import { strokeAid } from '../state/stroke-aid.ts';
import { drawContrastLine, seenPart } from './crisp-line.ts';
import { drawDrawingRulers } from './draw-drawing-rulers.ts';
import { drawGrid, drawGuides } from './draw-guides.ts';
import { drawLoupe } from './draw-loupe.ts';
import { useView } from './view-store.ts';
import { type Point, toScreen, viewMatrix } from './view-transform.ts';

/** Size of a handle in CSS px. */
const HANDLE = 8;

/** Lines and tails over the picture that are no part of it: guides, grid, drawing rulers, axes of symmetry, the pulled string, the predicted tail. */
export class AidsOverlay {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #frame = 0;
  readonly #stop: (() => void)[];

  constructor(area: HTMLElement) {
    const canvas = document.createElement('canvas');
    canvas.className = 'aids';
    canvas.dataset['testid'] = 'aids';
    canvas.setAttribute('aria-hidden', 'true');
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser has no 2D canvas.');
    this.#canvas = canvas;
    this.#context = context;
    area.append(canvas);
    const request = (): void => this.#request();
    this.#stop = [
      strokeAid.subscribe(request),
      loupe.subscribe(request),
      pendingAct.subscribe(request),
      useView.subscribe(request),
      useAids.subscribe(request),
      useAidSettings.subscribe(request),
      useSnapLines.subscribe(request),
      usePaint.subscribe((state, before) => {
        if (state.symmetry !== before.symmetry || state.tool !== before.tool) request();
      }),
      useDocument.subscribe((state, before) => {
        if (state.width !== before.width || state.height !== before.height) request();
      }),
    ];
    request();
  }

  /** Takes the overlay away. */
  dispose(): void {
    cancelAnimationFrame(this.#frame);
    for (const stop of this.#stop) stop();
    this.#canvas.remove();
  }

  #request(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const { screenWidth, screenHeight } = useView.getState();
    const context = this.#context;
    if (this.#canvas.width !== screenWidth || this.#canvas.height !== screenHeight) {
      this.#canvas.width = screenWidth;
      this.#canvas.height = screenHeight;
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, screenWidth, screenHeight);
    this.#drawAids();
    this.#drawSymmetry();
    this.#drawTail();
    this.#drawString();
    this.#drawPending();
    drawLoupe(context, useView.getState().scale);
  }

  #drawAids(): void {
    const { view, screenWidth: width, screenHeight: height, scale } = useView.getState();
    const screen = { width, height, scale };
    const { guides, grid, rulers } = useAids.getState();
    const { guidesShown, gridShown, drawingRulers } = useAidSettings.getState();
    const { tool } = usePaint.getState();
    const context = this.#context;
    if (gridShown) drawGrid(context, view, grid, useDocument.getState(), screen);
    if (drawingRulers) drawDrawingRulers(context, view, rulers, screen, tool === 'drawing-ruler');
    if (guidesShown) drawGuides(context, view, guides, screen);
    const { x, y } = useSnapLines.getState();
    const { left, top, right, bottom } = seenPart(view, screen);
    const line = 2 * Math.max(1, Math.round(scale));
    if (x !== null) drawContrastLine(context, view, { x, y: top }, { x, y: bottom }, line);
    if (y !== null) drawContrastLine(context, view, { x: left, y }, { x: right, y }, line);
  }

  #drawSymmetry(): void {
    const { symmetry, tool } = usePaint.getState();
    if (symmetry.kind === 'off' || !isBrushTool(tool)) return;
    const { width, height } = useDocument.getState();
    const centre = { x: symmetry.x * width, y: symmetry.y * height };
    const reach = Math.hypot(width, height);
    const spokes =
      symmetry.kind === 'mirror' ? 2 : symmetry.kind === 'mirror-both' ? 4 : Math.round(symmetry.count);
    const first = symmetry.kind === 'radial' ? -Math.PI / 2 : ((symmetry.angle + 90) * Math.PI) / 180;
    for (let i = 0; i < spokes; i++) {
      const angle = first + (i * 2 * Math.PI) / spokes;
      this.#line(centre, { x: centre.x + Math.cos(angle) * reach, y: centre.y + Math.sin(angle) * reach });
    }
  }

  #drawTail(): void {
    const { tail } = strokeAid.getState();
    const [first] = tail?.points ?? [];
    if (!tail || !first) return;
    const context = this.#context;
    context.save();
    context.setTransform(...viewMatrix(useView.getState().view));
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.lineWidth = tail.size;
    context.strokeStyle = tail.colour;
    context.globalAlpha = tail.opacity;
    context.beginPath();
    for (const { x, y } of tail.points) context.lineTo(x, y);
    context.stroke();
    context.restore();
  }

  #drawString(): void {
    const { string } = strokeAid.getState();
    if (string) this.#line(string.tip, string.pen);
  }

  #drawPending(): void {
    const { act } = pendingAct.getState();
    if (!act) return;
    act.outline.forEach((point, i) => this.#line(point, act.outline[(i + 1) % act.outline.length] ?? point));
    for (const line of act.lines ?? [])
      for (const [i, point] of line.entries()) this.#line(line[i - 1] ?? point, point);
    const { view, scale } = useView.getState();
    const half = (HANDLE / 2) * scale;
    for (const [index, handle] of act.handles.entries()) {
      const { x, y } = toScreen(view, handle);
      const dark = act.chosen?.includes(index) === true;
      for (const [colour, grow] of [
        [dark ? '#ffffff' : '#000000', scale],
        [dark ? '#000000' : '#ffffff', 0],
      ] as const) {
        this.#context.fillStyle = colour;
        this.#context.fillRect(x - half - grow, y - half - grow, 2 * (half + grow), 2 * (half + grow));
      }
    }
  }

  /** Black and white side by side, seen on every picture. */
  #line(from: Point, to: Point): void {
    const { view, scale } = useView.getState();
    const a = toScreen(view, from);
    const b = toScreen(view, to);
    const context = this.#context;
    const level = Math.abs(b.x - a.x) > Math.abs(b.y - a.y);
    for (const [colour, shift] of [
      ['#000000', 0],
      ['#ffffff', scale],
    ] as const) {
      const [x, y] = level ? [0, shift] : [shift, 0];
      context.strokeStyle = colour;
      context.lineWidth = scale;
      context.beginPath();
      context.moveTo(a.x + x, a.y + y);
      context.lineTo(b.x + x, b.y + y);
      context.stroke();
    }
  }
}
