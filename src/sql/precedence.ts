/**
 * How tightly operators bind, as in Flink: an operator goes on with what stands left of it only above the floor of the operator
 * before. All binary operators associate to the left, comparisons too: `a = b IS NULL` is `(a = b) IS NULL`.
 *
 * | operators                                  | level |
 * | ------------------------------------------ | ----- |
 * | MULTISET UNION, EXCEPT                     | 14    |
 * | MULTISET INTERSECT                         | 18    |
 * | OR                                         | 22    |
 * | AND                                        | 24    |
 * | NOT                                        | 26    |
 * | IS                                         | 28    |
 * | = <> < <= > >=, OVERLAPS and kin           | 30    |
 * | BETWEEN, IN, LIKE, SIMILAR TO              | 32    |
 * | + -                                        | 40    |
 * | * / % and text concatenation               | 60    |
 * | unary + -                                  | 80    |
 */
export const LEVEL = {
  none: 0,
  multisetUnion: 14,
  multisetIntersect: 18,
  or: 22,
  and: 24,
  not: 26,
  is: 28,
  comparison: 30,
  range: 32,
  sum: 40,
  product: 60,
  unary: 80,
} as const
