/** One call that the studio made on Electron. */
export interface RecordedCall {
  readonly what: string;
  readonly detail: unknown;
}

/** Calls whose only effect would be outside the page; a test looks at them. */
export const recorded: RecordedCall[] = [];

export function record(what: string, detail: unknown): void {
  recorded.push({ what, detail });
}
