import { EngineError } from '../error.ts';
import type { Point } from '../transform/affine.ts';

/** A line across the canvas to align to. */
export interface Guide {
  readonly direction: 'horizontal' | 'vertical';
  /** Document pixels from the canvas' top or left; need not be whole, may lie outside. */
  readonly position: number;
}

/** A net of lines to align to. Lengths in document pixels. */
export interface Grid {
  /** Between two lines, 1 … 10,000. */
  readonly width: number;
  readonly height: number;
  /** Parts of a square, 1 … 64; lines between them are fainter. */
  readonly subdivisions: number;
  /** Where a line crosses the canvas' left and top edges. */
  readonly x: number;
  readonly y: number;
  /** `#rrggbb`. */
  readonly colour: string;
  /** 0 … 1. */
  readonly opacity: number;
}

/** What a drawing ruler is: one straight line, or one to three points at which lines meet. */
export const RULER_KINDS = ['line', 'perspective-1', 'perspective-2', 'perspective-3'] as const;

/** One of them. */
export type RulerKind = (typeof RULER_KINDS)[number];

/** A line or a perspective that strokes follow. */
export interface DrawingRuler {
  readonly id: string;
  readonly kind: RulerKind;
  /** A line's two ends, or the vanishing points, in document pixels. */
  readonly points: readonly Point[];
  /** Strokes follow it. */
  readonly on: boolean;
}

/** What helps to draw and is no part of the picture. Immutable. */
export interface Aids {
  readonly guides: readonly Guide[];
  /** Guides cannot be moved by dragging. */
  readonly locked: boolean;
  readonly grid: Grid;
  readonly rulers: readonly DrawingRuler[];
}

/** A document without any. */
export const NO_AIDS: Aids = {
  guides: [],
  locked: false,
  grid: { width: 64, height: 64, subdivisions: 4, x: 0, y: 0, colour: '#3c8ce6', opacity: 0.5 },
  rulers: [],
};

/** Most guides, and most drawing rulers, of a document. */
export const MOST_GUIDES = 1000;
const MOST_RULERS = 64;
/** Farthest place of anything, in document pixels. */
const FARTHEST = 1e6;

/** How many points a drawing ruler of a kind has. */
export function pointsOfRuler(kind: RulerKind): number {
  return kind === 'line' ? 2 : Number(kind.at(-1));
}

/** Aids as bytes: JSON in ASCII; null for none at all. */
export function packAids(aids: Aids): Uint8Array<ArrayBuffer> | null {
  const text = JSON.stringify(aids);
  if (text === JSON.stringify(NO_AIDS)) return null;
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** The aids that were packed; a document without a note has none. @throws EngineError `invalid-value` for bytes that are none. */
export function unpackAids(bytes: Uint8Array | null): Aids {
  if (!bytes) return NO_AIDS;
  let given: unknown;
  try {
    let text = '';
    for (let at = 0; at < bytes.length; at += 4096)
      text += String.fromCharCode(...bytes.subarray(at, at + 4096));
    given = JSON.parse(text);
  } catch {
    throw damaged();
  }
  return checked(given);
}

function damaged(): EngineError {
  return new EngineError('invalid-value', 'Stored guides are damaged and were left out.');
}

function checked(given: unknown): Aids {
  const { guides, locked, grid, rulers } = fieldsOf(given);
  if (!Array.isArray(guides) || guides.length > MOST_GUIDES) throw damaged();
  if (!Array.isArray(rulers) || rulers.length > MOST_RULERS) throw damaged();
  return {
    guides: guides.map(checkedGuide),
    locked: locked === true,
    grid: checkedGrid(grid),
    rulers: rulers.map(checkedRuler),
  };
}

function checkedGuide(given: unknown): Guide {
  const { direction, position } = fieldsOf(given);
  if (direction !== 'horizontal' && direction !== 'vertical') throw damaged();
  return { direction, position: place(position) };
}

function checkedGrid(given: unknown): Grid {
  const { width, height, subdivisions, x, y, colour, opacity } = fieldsOf(given);
  if (typeof colour !== 'string' || !/^#[\da-f]{6}$/i.test(colour)) throw damaged();
  return {
    width: within(width, 1, 10_000),
    height: within(height, 1, 10_000),
    subdivisions: Math.round(within(subdivisions, 1, 64)),
    x: place(x),
    y: place(y),
    colour,
    opacity: within(opacity, 0, 1),
  };
}

function checkedRuler(given: unknown): DrawingRuler {
  const { id, kind, points, on } = fieldsOf(given);
  const known = RULER_KINDS.find((each) => each === kind);
  if (typeof id !== 'string' || id.length > 64 || !known) throw damaged();
  if (!Array.isArray(points) || points.length !== pointsOfRuler(known)) throw damaged();
  const placed = points.map((point: unknown) => {
    const { x, y } = fieldsOf(point);
    return { x: place(x), y: place(y) };
  });
  return { id, kind: known, points: placed, on: on === true };
}

function fieldsOf(given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null) throw damaged();
  return Object.fromEntries(Object.entries(given));
}

function within(value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) throw damaged();
  return value;
}

function place(value: unknown): number {
  return within(value, -FARTHEST, FARTHEST);
}
