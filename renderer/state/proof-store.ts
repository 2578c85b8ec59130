import { create } from 'zustand';
import type { ProofIntent } from '../../preload/contract/index.ts';

/** A press' profile that was chosen. */
export interface Press {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a press makes of colours: see `files.proof-table`. */
export interface ProofTable {
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
  table: ProofTable | null;
}

/** How the picture is proofed. */
export const useProof = create<ProofState>()(() => ({
  press: null,
  intent: 'perceptual',
  warn: true,
  onCanvas: false,
  table: null,
}));

/** What the press is called. */
export function pressName({ press }: Pick<ProofState, 'press'>): string {
  return press?.name ?? 'General CMYK';
}
