/** What an editor of one kind of value is given. */
export interface EditorProps<T> {
  readonly value: T;
  /** Seen at once; no step of history yet. */
  readonly onChange: (next: T) => void;
  /** The control was let go: a step of history. */
  readonly onChangeEnd: (next: T) => void;
}
