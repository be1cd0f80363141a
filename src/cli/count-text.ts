/** `1,204`. Not by `toLocaleString`, whose first call takes longer than a small job. */
export function countText(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',')
}
