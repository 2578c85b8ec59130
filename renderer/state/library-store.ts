import { create } from 'zustand';
import type { AdapterCard, LibraryCard, LibraryFolder, RequestResult } from '../../preload/contract/index.ts';

/** Which cards the library page shows. */
export type CardFilter = 'all' | 'checkpoint' | 'adapter' | 'other' | 'problem';

/** A file read against a model: what it is and how it goes with it. */
export type Inspection = RequestResult<'library.inspect'>;

/** What the page knows of the user's model files. */
export interface LibraryState {
  open: boolean;
  filter: CardFilter;
  search: string;
  folders: readonly LibraryFolder[];
  knownFolders: readonly { readonly program: string; readonly path: string }[];
  /** Null before they were asked for. */
  files: readonly LibraryCard[] | null;
  scanning: boolean;
  /** Files found so far in the scan under way. */
  found: number;
  /** Adapters in the order in which they go with `adaptersOf`. */
  adapters: readonly AdapterCard[];
  /** The model that the adapters were listed for. */
  adaptersOf: string;
  /** By {@link inspectionKey}; a failure of the link keeps none. */
  inspections: Readonly<Record<string, Inspection>>;
  error: { readonly message: string; readonly remedy: string } | null;
}

/** The library. */
export const useLibrary = create<LibraryState>()(() => ({
  open: false,
  filter: 'all',
  search: '',
  folders: [],
  knownFolders: [],
  files: null,
  scanning: false,
  found: 0,
  adapters: [],
  adaptersOf: '',
  inspections: {},
  error: null,
}));

/** Under which a file's inspection against a model is kept. */
export function inspectionKey(modelId: string, path: string): string {
  return `${modelId}\n${path}`;
}
