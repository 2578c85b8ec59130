import { create } from 'zustand';
import type { FilterSettings } from '../engine/filter/filters.ts';

/** The filter that is being set; null while none is. */
export const useFilter = create<{ settings: FilterSettings | null }>()(() => ({ settings: null }));
