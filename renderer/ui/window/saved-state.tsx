import { CheckCircle2, CircleDashed, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useDocument } from '../../state/document/document-store.ts';
import { useStatus } from '../../state/status-store.ts';

/** An age in words: `just now`, `12 s ago`, `3 min ago`. */
function ageText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ago`;
}

/** "Saved" as a fact: whether every step is on disk, and since when. */
export function SavedState() {
  const save = useDocument((state) => state.save);
  const readOnly = useDocument((state) => state.readOnly);
  const isOpen = useDocument((state) => state.open);
  const lost = useStatus((state) => state.connection === 'lost');
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000);
    return () => clearInterval(timer);
  }, []);
  // Nothing can be said of a document that is still on its way.
  if (!isOpen) return <output className="saved" />;
  if (readOnly !== null) {
    return (
      <output className="saved" title={readOnly}>
        Read-only
      </output>
    );
  }
  if (save.kind === 'saved') {
    const age = ageText(now - save.at);
    return (
      <output className="saved" title={`Every step is on disk; the last one ${age}`}>
        <CheckCircle2 size={16} strokeWidth={1.75} aria-hidden />
        Saved <span className="saved-age">{age}</span>
      </output>
    );
  }
  if (save.kind === 'held' || lost) {
    return (
      <output className="saved" title={save.kind === 'held' ? save.reason : 'The link to the studio dropped'}>
        <TriangleAlert size={16} strokeWidth={1.75} aria-hidden />
        Not saved: {save.waiting} kept here
      </output>
    );
  }
  return (
    <output className="saved">
      <CircleDashed size={16} strokeWidth={1.75} aria-hidden />
      Saving {save.waiting}
    </output>
  );
}
