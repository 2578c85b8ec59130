/** What a compositing program makes use of: what its shader has to hold, and nothing else. */
export interface ShaderNeeds {
  /** Numbers of operations, blend modes and adjustments. */
  readonly ops: ReadonlySet<number>;
  readonly modes: ReadonlySet<number>;
  readonly adjusts: ReadonlySet<number>;
  /** Fill opacity is taken into the source somewhere. */
  readonly weakens: boolean;
  /** Something has a mask. */
  readonly masks: boolean;
}

const inOrder = (numbers: ReadonlySet<number>): string => [...numbers].toSorted((a, b) => a - b).join(' ');

/** Words that are equal where needs are. */
export function needsKey({ ops, modes, adjusts, weakens, masks }: ShaderNeeds): string {
  return [inOrder(ops), inOrder(modes), inOrder(adjusts), weakens, masks].join('/');
}

/** True when a shader made for one can run what has the other. */
export function satisfies(made: ShaderNeeds, needs: ShaderNeeds): boolean {
  return (
    needs.ops.isSubsetOf(made.ops) &&
    needs.modes.isSubsetOf(made.modes) &&
    needs.adjusts.isSubsetOf(made.adjusts) &&
    (made.weakens || !needs.weakens) &&
    (made.masks || !needs.masks)
  );
}
