import { MessageSquareText, Waypoints } from 'lucide-react';
import { setWords } from '../../commands/conditioning-edits.ts';
import type { LayerRecord } from '../../engine/layers/layer-record.ts';
import { guideName } from '../../generation/guide-types.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { IconButton } from '../controls/icon-button.tsx';

/** Whether a group has words, and a way to give it some; whether a layer guides the picture. */
export function ConditioningBadge({ layer, session }: { layer: LayerRecord; session: DocumentSession }) {
  if (layer.kind === 'group') {
    const given = layer.words !== null && layer.words !== undefined;
    return (
      <IconButton
        icon={MessageSquareText}
        size={16}
        label={given ? `Take the words off ${layer.name}` : `Give ${layer.name} words`}
        isSelected={given}
        onPress={() => setWords(session, layer, given ? null : { prompt: '', weight: 1, only: false })}
      />
    );
  }
  if (!layer.guide) return null;
  return (
    <span className="badge" title={`Guides the picture: ${guideName(layer.guide)}. It is no part of it.`}>
      <Waypoints size={16} strokeWidth={1.75} aria-hidden />
    </span>
  );
}
