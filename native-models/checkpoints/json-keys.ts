/**
 * The first key that a JSON object names twice at its top level, which `JSON.parse` would hide;
 * undefined where there is none. `text` must be valid JSON.
 */
export function firstDuplicateKey(text: string): string | undefined {
  const seen = new Set<string>();
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]]/g;
  let depth = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match;
    if (found === '{' || found === '[') depth++;
    else if (found === '}' || found === ']') depth--;
    else if (depth === 1 && isFollowedByColon(text, token.lastIndex)) {
      const key: unknown = JSON.parse(found);
      if (typeof key !== 'string') continue;
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}

function isFollowedByColon(text: string, from: number): boolean {
  let i = from;
  while (' \t\r\n'.includes(text[i] ?? ':')) i++;
  return text[i] === ':';
}
