import { useText } from '../../state/text-store.ts';
import type { BeginDrag } from '../tool.ts';

/** A press says where text begins; it is written when the pointer lifts, so that nothing opens under a nib. */
export const beginText: BeginDrag = (_host, { x, y }) => ({
  move() {},
  end() {
    useText.setState({ at: { x, y } });
  },
  cancel() {},
});
