import { Button } from 'react-aria-components';
import type { ResultSummary } from '../../../../preload/contract/index.ts';
import { compareWithExact, replayResult } from '../../../commands/replay-actions.ts';
import { takeSettings } from '../../../commands/take-settings.ts';
import { type ReplayTold, useReplay } from '../../../generation/replay-store.ts';
import { secondsText } from '../../../generation/verb.ts';
import { tell } from '../../../state/status-store.ts';
import { recipeFacts } from '../../layers/recipe-facts.ts';
import { useRoom } from '../../workspace-context.tsx';

/** Told apart without colour. */
const SIGNS: Readonly<Record<ReplayTold['how'], string>> = {
  running: '…',
  same: '✓',
  differs: '△',
  lacks: '△',
  failed: '✕',
};

/** What the chosen result was made with, what it cost, where it comes from, and what can be done with that. */
export function ResultCard({ summary }: { summary: ResultSummary }) {
  const { workspace } = useRoom();
  const { recipe, seconds, resultId } = summary;
  const replay = useReplay((state) => state.told[resultId]);
  return (
    <section className="result-card" aria-label="Recipe">
      <dl className="facts">
        {[...recipeFacts(recipe), ['Took', secondsText(seconds)] as const].map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="scrubber-acts">
        <Button className="button" onPress={() => void takeSettings(workspace, recipe, summary)}>
          Redo with…
        </Button>
        <Button
          className="button"
          isDisabled={replay?.how === 'running'}
          onPress={() => void replayResult(workspace, resultId)}
        >
          Replay
        </Button>
        {recipe.approximations && (
          <Button
            className="button"
            isDisabled={replay?.how === 'running'}
            onPress={() => void compareWithExact(workspace, resultId)}
          >
            Compare with exact
          </Button>
        )}
        <Button
          className="button"
          onPress={() => {
            navigator.clipboard.writeText(JSON.stringify(recipe, null, 2)).then(
              () => tell({ level: 'info', message: 'The recipe is on the clipboard.', remedy: '' }),
              () => tell({ level: 'warn', message: 'The clipboard is not open to this page.', remedy: '' }),
            );
          }}
        >
          Copy
        </Button>
      </div>
      {replay && (
        <output className="caption" data-testid="replay" data-how={replay.how}>
          {SIGNS[replay.how]} {replay.words}
        </output>
      )}
    </section>
  );
}
