import { create } from 'zustand';

/** A file on its way in or out. */
export interface FileJob {
  readonly id: string;
  /** Such as "Opening fox.psd". */
  readonly title: string;
  /** 0..1 */
  readonly share: number;
  /** What is being done, such as a layer's name. */
  readonly what: string;
}

/** Files that come in and go out. */
interface FileJobState {
  job: FileJob | null;
  exportOpen: boolean;
  proofOpen: boolean;
}

/** What the window shows of files on their way; the work is done elsewhere. */
export const useFileJob = create<FileJobState>()(() => ({ job: null, exportOpen: false, proofOpen: false }));
