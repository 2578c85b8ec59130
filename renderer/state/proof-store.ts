import { create } from 'zustand';
import type { ProofIntent } from '../../preload/contract/index.ts';

/** A press' profile that was chosen. */
export interface Press {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a press makes of colours, or a profile means by numbers: see `files.proof-table` and `files.colour-table`. */
export interface ColourTable {
  readonly edge: number;
  readonly table: Uint8Array;
}

/** How the picture is proofed. A view of it and nothing more: no document keeps it. */
export interface ProofState {
  /** Null: general CMYK. */
  press: Press | null;
  intent: ProofIntent;
  /** Grey where the press cannot print. */
  warn: boolean;
  /** The canvas shows what the press would print. */
  onCanvas: boolean;
  /** What the canvas is shown through; null while it is not, or not yet. */
  table: ColourTable | null;
  /**
   * What the document's numbers look like, where its profile is none that is shown as it is. The canvas is shown through
   * this while it is not through the other.
   */
  own: ColourTable | null;
}

/** How the picture is proofed. */
export const useProof = create<ProofState>()(() => ({
  press: null,
  intent: 'perceptual',
  warn: true,
  onCanvas: false,
  table: null,
  own: null,
}));

/** What the press is called. */
export function pressName({ press }: Pick<ProofState, 'press'>): string {
  return press?.name ?? 'General CMYK';
}
