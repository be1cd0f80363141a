package rheo.bench;

/** The twin of {@code src/connectors/row-random.ts}: random numbers that depend on a seed, a column and a row only. */
final class RowRandom {
  private final int start;
  private int state;

  RowRandom(long seed, int column) {
    start = mix((int) seed ^ mix(column + 0x51ed270b));
  }

  void seek(long row) {
    state = mix((start ^ (int) row) + (int) Math.floorDiv(row, 1L << 32) * 0x27d4eb2f);
  }

  double nextDouble() {
    double high = (double) nextUnsigned() * 0x200000;
    return (high + (nextUnsigned() >>> 11)) / 0x20000000000000L;
  }

  /** Uniform below {@code bound}. */
  int below(int bound) {
    return (int) Math.floor(nextDouble() * bound);
  }

  private long nextUnsigned() {
    state += 0x9e3779b9;
    return mix(state) & 0xffffffffL;
  }

  private static int mix(int value) {
    int mixed = (value ^ (value >>> 16)) * 0x21f0aaad;
    mixed = (mixed ^ (mixed >>> 15)) * 0x735a2d97;
    return mixed ^ (mixed >>> 15);
  }
}
