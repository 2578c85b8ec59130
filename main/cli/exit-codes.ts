/** What a command tells the shell. */
export const EXIT = {
  done: 0,
  /** An expected error: one sentence and what to do stand on standard error. */
  failed: 1,
  /** Options that are missing, unknown or not what they should be. */
  usage: 2,
  /** A picture was made again and is another one. */
  differs: 3,
  /** Stopped with Ctrl+C: 128 + SIGINT. */
  interrupted: 130,
} as const;
