/** Names of the messages between preload and desktop host. */
export const CHANNELS = {
  /** `invoke(name, params)` → envelope. */
  request: 'studio:request',
  /** `sendSync(params)` → envelope: pixels that cannot be waited for. */
  pixels: 'studio:pixels',
  /** Sent to every page: one event. */
  event: 'studio:event',
  /** `invoke(kind, suggestedName?)` → path or null. */
  dialog: 'studio:dialog',
} as const;

/** Which native dialog a page asks for. */
export type DialogKind = 'open-document' | 'open-model' | 'choose-folder' | 'save-document' | 'export-file';
