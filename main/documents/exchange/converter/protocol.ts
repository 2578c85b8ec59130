import type { StudioErrorData } from '../../../../preload/contract/index.ts';
import type { Imported } from '../convert-file.ts';
import type { ExportOptions } from '../export-document.ts';

/** Studio → converter: one piece of work, after which the process ends. */
export type ConverterJob =
  | { readonly type: 'import'; readonly source: string; readonly name: string; readonly target: string }
  | {
      readonly type: 'export';
      readonly document: string;
      readonly target: string;
      readonly overwrite: boolean;
      readonly options: ExportOptions;
    };

/** Converter → studio. */
export type ConverterMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly share: number; readonly what: string }
  | { readonly type: 'imported'; readonly imported: Imported }
  | { readonly type: 'exported'; readonly bytes: number }
  | { readonly type: 'failed'; readonly error: StudioErrorData }
  /** Something nobody foresaw; the text is for the log. */
  | { readonly type: 'bug'; readonly detail: string };
