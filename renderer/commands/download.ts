/** Hands bytes to the browser as a file to save. */
export function download(fileName: string, bytes: Uint8Array, type: string): void {
  const url = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser reads the address after this task; a minute is ample for any size.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
