import { createStore } from 'zustand/vanilla';

/** A point in document pixels. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** Something a tool has begun that waits for a yes or a no: a crop, a transform. */
export interface PendingAct {
  /** What applying it is called, such as "Crop". */
  readonly name: string;
  /** The closed line around it, in document pixels. */
  readonly outline: readonly Point[];
  /** Lines within it, in document pixels. */
  readonly lines?: readonly (readonly Point[])[];
  /** Places to take hold of, in document pixels. */
  readonly handles: readonly Point[];
  /** Which of them move together; shown dark. */
  readonly chosen?: readonly number[];
  /** Moves it by document pixels; left out, arrows do nothing. */
  readonly nudge?: (dx: number, dy: number) => void;
  apply(): void;
  cancel(): void;
  /** What Esc does; left out, it cancels. */
  readonly onEscape?: 'apply';
  /** What choosing another tool does. */
  readonly onLeave: 'apply' | 'cancel';
}

/** The act that waits, if one does. */
export const pendingAct = createStore<{ act: PendingAct | null }>()(() => ({ act: null }));

/** Puts an act on, in place of another one, or takes it off. */
export function setPendingAct(act: PendingAct | null): void {
  pendingAct.setState({ act });
}

/** Applies or drops what waits, as choosing another tool does. */
export function leavePendingAct(): void {
  const { act } = pendingAct.getState();
  if (act?.onLeave === 'apply') act.apply();
  else act?.cancel();
}
