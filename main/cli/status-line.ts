/** Milliseconds between two lines where lines cannot be overwritten. */
const LINE_EVERY = 2000;

/** What is going on, in words: one line that is overwritten on a terminal, now and then a line elsewhere. */
export interface StatusLine {
  /** @param now whether it is written however short a time the last one was ago */
  readonly update: (text: string, now?: boolean) => void;
  /** Lines that stay. */
  readonly say: (text: string) => void;
  /** Clears the line. */
  readonly end: () => void;
}

/** @param stream standard error, or a stand-in for it */
export function createStatusLine(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>): StatusLine {
  let lastLine = -Infinity;
  let shown = false;
  const clear = (): void => {
    if (shown) stream.write('\r\u001B[K');
    shown = false;
  };
  return {
    update(text, now = false) {
      if (stream.isTTY) {
        clear();
        stream.write(text);
        shown = true;
      } else if (performance.now() - lastLine >= LINE_EVERY || now) {
        lastLine = performance.now();
        stream.write(`${text}\n`);
      }
    },
    say(text) {
      clear();
      stream.write(`${text}\n`);
    },
    end: clear,
  };
}
