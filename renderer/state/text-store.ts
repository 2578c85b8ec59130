import { create } from 'zustand';

/** Where text is being written, in document pixels: the top of its first line; null while none is. */
export const useText = create<{ at: { readonly x: number; readonly y: number } | null }>()(() => ({
  at: null,
}));
