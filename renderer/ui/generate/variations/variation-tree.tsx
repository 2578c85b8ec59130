import { Button } from 'react-aria-components';
import { lookAtResult } from '../../../commands/gallery-actions.ts';
import { placeTree, useVariations } from '../../../generation/variation-store.ts';
import { secondsText } from '../../../generation/verb.ts';
import { useRoom } from '../../workspace-context.tsx';
import { GalleryThumbnail } from '../gallery/../raster-thumbnail.tsx';

const NODE = 72;
const ACROSS = NODE + 24;
const DOWN = NODE + 44;

/** Where the chosen result comes from and what came of it: each edge says what was shared and what the rest took. */
export function VariationTree() {
  const { workspace } = useRoom();
  const tree = useVariations((state) => state.tree);
  const chosen = useVariations((state) => state.resultId);
  const placed = placeTree(tree);
  if (placed.length < 2) return <p className="caption dim">No variations yet: Alt+V makes one.</p>;
  const byId = new Map(placed.map((each) => [each.node.resultId, each]));
  const width = (Math.max(...placed.map(({ column }) => column)) + 1) * ACROSS;
  const height = (Math.max(...placed.map(({ row }) => row)) + 1) * DOWN;
  return (
    <section className="tree scroll" aria-label="Tree of variations" data-testid="tree">
      <div className="tree-sheet" style={{ width, height }}>
        <svg width={width} height={height} aria-hidden>
          {placed.map(({ node, column, row }) => {
            const parent = node.parent === null ? undefined : byId.get(node.parent);
            if (!parent) return null;
            const [x, y] = [column * ACROSS + NODE / 2, row * DOWN];
            const [px, py] = [parent.column * ACROSS + NODE / 2, parent.row * DOWN + NODE];
            return <path key={node.resultId} d={`M${px} ${py} V${(py + y) / 2} H${x} V${y}`} />;
          })}
        </svg>
        {placed.map(({ node, column, row }) => (
          <div
            className="tree-node"
            key={node.resultId}
            style={{ left: column * ACROSS, top: row * DOWN, width: NODE }}
          >
            {node.parent !== null && (
              <span className="tree-edge">
                {node.step === null ? node.how : `shares ${node.step} of ${node.steps}`},{' '}
                {secondsText(node.seconds)}
              </span>
            )}
            <Button
              className="tree-picture"
              data-chosen={node.resultId === chosen}
              aria-label={`${node.prompt || 'no prompt'}${node.step === null ? '' : `, shares ${node.step} of ${node.steps} steps`}`}
              onPress={() => void lookAtResult(workspace, node.resultId)}
            >
              <GalleryThumbnail resultId={node.resultId} />
            </Button>
          </div>
        ))}
      </div>
    </section>
  );
}
