/** Names that the readers of files use, as artists write them. */
const BADGES: Readonly<Record<string, string>> = { 'SD 1.x': 'SD1.5', 'SD 2.x': 'SD2' };

/** A family's name as it stands on cards and in sentences; null when it cannot be told. */
export function familyBadge(family: string | null): string | null {
  return family === null ? null : (BADGES[family] ?? family);
}
