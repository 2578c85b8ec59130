/** What can go wrong in the engine when it is given something that does not fit. */
export type EngineErrorCode =
  | 'unknown-layer'
  | 'duplicate-layer'
  | 'invalid-parent'
  | 'invalid-index'
  | 'invalid-tile'
  | 'invalid-size'
  | 'invalid-value'
  | 'layer-not-paintable'
  | 'layer-locked'
  | 'layer-hidden'
  | 'layer-is-text'
  | 'last-layer'
  | 'no-mask'
  | 'transaction-open'
  | 'transaction-closed'
  | 'history-unavailable'
  | 'pixels-away'
  | 'gpu-limit'
  | 'unreadable-file';

/**
 * An expected failure: the request did not fit the document. The document is unchanged when it is thrown.
 * `code` is for programs, `message` is one sentence for a person.
 */
export class EngineError extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
  }
}
