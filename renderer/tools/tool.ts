import type { Rect } from '../engine/geometry/rect.ts';
import type { DocumentSession } from '../state/document/document-session.ts';

/** One reading of the pointer, in document pixels and in device pixels of the canvas. */
export interface ToolPoint {
  readonly x: number;
  readonly y: number;
  readonly screenX: number;
  readonly screenY: number;
  /** 0 … 1; a mouse reports 0.5. */
  readonly pressure: number;
  readonly tiltX: number;
  readonly tiltY: number;
  readonly twist: number;
  /** Milliseconds. */
  readonly time: number;
  readonly pointerType: string;
  /** Shift was held when the pointer went down: a straight line from where the last stroke ended. */
  readonly straight: boolean;
  /** Alt was held. */
  readonly alternate: boolean;
  /** Ctrl, or Cmd on a Mac, was held. */
  readonly command?: boolean;
}

/** What a tool works on. */
export interface ToolHost {
  readonly session: DocumentSession;
  /** The visible picture in a rectangle, RGBA8 straight. */
  readonly readVisible: (rect: Rect) => Uint8Array;
  /** Makes a rectangle the canvas, as one step. */
  readonly cropTo: (rect: Rect) => void;
}

/** One drag of a tool, from pointer down to up. */
export interface ToolDrag {
  /** Further readings, coalesced ones included; `predicted` ones have not happened and must leave no mark. */
  move(points: readonly ToolPoint[], predicted?: readonly ToolPoint[]): void;
  /** The pointer left the surface. */
  end(): void | Promise<void>;
  /** The drag never happened. */
  cancel(): void;
}

/** A tool begins a drag, or null where it cannot (it has then said why). */
export type BeginDrag = (host: ToolHost, point: ToolPoint) => ToolDrag | null;
