package rheo.bench;

import static rheo.bench.EventField.*;

import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;

/**
 * The twin of {@code kernels/nexmark.ts}: the event of a number, which depends only on the seed and the number. Only the fields that a
 * projection reads are made; draws keep their order whatever is read.
 */
final class Events {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private static final int FIRST_ID = 1000;
  private static final int FIRST_CATEGORY_ID = 10;
  private static final int CATEGORIES = 5;
  private static final int ID_LEAD = 10;
  private static final int ACTIVE_PEOPLE = 1000;
  private static final int IN_FLIGHT_AUCTIONS = 100;
  private static final int HOT_SPACING = 100;
  private static final int HOT_CHANNELS = 4;
  private static final int CHANNELS = 10_000;
  private static final int PEOPLE = 1;
  private static final int AUCTIONS = 3;
  private static final int TOTAL = 50;
  private static final int HOT_AUCTION_RATIO = 2;
  private static final int HOT_BIDDER_RATIO = 4;
  private static final int HOT_SELLER_RATIO = 4;
  private static final int PERSON_BYTES = 200;
  private static final int AUCTION_BYTES = 500;
  private static final int BID_BYTES = 100;
  private static final long BASE_US = 1_704_067_200_000_000L;

  private final long seed;
  private final double delayUs;
  private final int expiryBound;
  private final int[][] projection;
  private final boolean[] isRead = new boolean[EventField.COUNT];
  private final boolean readsBid;
  private final Object[] values = new Object[EventField.COUNT];
  private final byte[] letters = new byte[32];
  private final EventTexts texts;
  private long state;

  /** @param projection paths of one or two indexes, as the planner gives them */
  Events(long seed, int rate, int[][] projection) {
    this.seed = seed * 0x2545f4914f6cdd1dL;
    this.delayUs = 1_000_000.0 / rate;
    int auctionSpan = 100 * TOTAL / AUCTIONS;
    long horizonMs = (long) Math.floor(auctionSpan * delayUs / 1000);
    this.expiryBound = (int) Math.max(horizonMs * 2, 1);
    this.projection = projection;
    for (int[] path : projection) {
      if (path[0] == 0) isRead[0] = true;
      else if (path.length == 2) isRead[first(path[0] - 1) + path[1]] = true;
      else for (int i = 0; i < EventField.count(path[0] - 1); i++) isRead[first(path[0] - 1) + i] = true;
    }
    boolean readsBid = false;
    for (int i = 0; i < EventField.count(2); i++) readsBid |= isRead[first(2) + i] && first(2) + i != BID_TIME.ordinal();
    this.readsBid = readsBid;
    this.texts = new EventTexts(seed);
  }

  RowData event(long number) {
    int offset = (int) (number % TOTAL);
    int kind = offset < PEOPLE ? 0 : offset < PEOPLE + AUCTIONS ? 1 : 2;
    long time = (long) ((BASE_US + number * delayUs) * 0.001);
    state = (seed + number) * 0xd1342543de82ef95L;
    if (kind == 2) makeBid(number, time);
    else if (kind == 0) makePerson(number, time);
    else makeAuction(number, time);
    return project(kind);
  }

  private RowData project(int kind) {
    GenericRowData row = new GenericRowData(projection.length);
    for (int i = 0; i < projection.length; i++) {
      int[] path = projection[i];
      if (path[0] == 0) row.setField(i, kind);
      else if (path[0] - 1 != kind) row.setField(i, null);
      else if (path.length == 2) row.setField(i, values[first(kind) + path[1]]);
      else {
        GenericRowData inner = new GenericRowData(EventField.count(kind));
        for (int c = 0; c < inner.getArity(); c++) inner.setField(c, values[first(kind) + c]);
        row.setField(i, inner);
      }
    }
    return row;
  }

  private void makeBid(long number, long time) {
    setTime(BID_TIME, time);
    if (!readsBid) return;
    long draw = next();
    boolean isHotAuction = ((draw & 0xffffffffL) * HOT_AUCTION_RATIO) >>> 32 > 0;
    boolean isHotBidder = ((draw >>> 32) * HOT_BIDDER_RATIO) >>> 32 > 0;
    long choice = next();
    if (reads(BID_AUCTION)) {
      long last = lastAuction(number);
      long least = Math.max(last - IN_FLIGHT_AUCTIONS, 0);
      long span = last - least + 1 + ID_LEAD;
      long auction = isHotAuction ? last / HOT_SPACING * HOT_SPACING : least + (((choice & 0xffffffffL) * span) >>> 32);
      set(BID_AUCTION, auction + FIRST_ID);
    }
    if (reads(BID_BIDDER)) {
      long last = lastPerson(number);
      long active = Math.min(last + 1, ACTIVE_PEOPLE);
      long bidder = isHotBidder ? last / HOT_SPACING * HOT_SPACING + 1 : last + 1 - active + (((choice >>> 32) * (active + ID_LEAD)) >>> 32);
      set(BID_BIDDER, bidder + FIRST_ID);
    }
    long price = price();
    if (reads(BID_PRICE)) set(BID_PRICE, price);
    long pick = next();
    if (reads(BID_CHANNEL) || reads(BID_URL)) {
      boolean isHotChannel = (pick & 1) != 0;
      long channel = isHotChannel ? (pick >>> 32) & (HOT_CHANNELS - 1) : HOT_CHANNELS + (((pick >>> 32) * CHANNELS) >>> 32);
      set(BID_CHANNEL, texts.channels[(int) channel]);
      set(BID_URL, texts.urls[(int) channel]);
    }
    setExtra(BID_EXTRA, BID_BYTES, 32);
  }

  private void makePerson(long number, long time) {
    if (reads(PERSON_ID)) set(PERSON_ID, lastPerson(number) + FIRST_ID);
    set(PERSON_NAME, texts.names[below(texts.names.length)]);
    set(PERSON_CITY, texts.cities[below(texts.cities.length)]);
    set(PERSON_STATE, texts.states[below(texts.states.length)]);
    setTime(PERSON_TIME, time);
    setExtra(PERSON_EXTRA, PERSON_BYTES, 70);
    long beforeEmail = state;
    if (reads(PERSON_EMAIL)) {
      int end = putLetters(0, 3 + below(4));
      letters[end++] = '@';
      end = putLetters(end, 3 + below(2));
      for (char c : ".com".toCharArray()) letters[end++] = (byte) c;
      set(PERSON_EMAIL, EventTexts.ascii(letters, end));
    }
    state = beforeEmail + 1;
    if (reads(PERSON_CARD)) {
      for (int i = 0; i < 19; i++) letters[i] = (byte) (i % 5 == 4 ? ' ' : '0' + below(10));
      set(PERSON_CARD, EventTexts.ascii(letters, 19));
    }
  }

  private int putLetters(int at, int length) {
    for (int i = 0; i < length; i++) letters[at + i] = (byte) ('a' + below(26));
    return at + length;
  }

  private void makeAuction(long number, long time) {
    long person = lastPerson(number);
    long initial = price();
    int itemLength = 3 + below(17);
    int descriptionLength = 3 + below(97);
    if (reads(AUCTION_ID)) set(AUCTION_ID, lastAuction(number) + FIRST_ID);
    if (reads(AUCTION_INITIAL)) set(AUCTION_INITIAL, initial);
    long reserve = initial + price();
    if (reads(AUCTION_RESERVE)) set(AUCTION_RESERVE, reserve);
    setTime(AUCTION_TIME, time);
    setTime(AUCTION_EXPIRES, time + 1 + below(expiryBound));
    boolean isHot = below(HOT_SELLER_RATIO) > 0;
    long seller = isHot ? person / HOT_SPACING * HOT_SPACING : somePerson(person);
    if (reads(AUCTION_SELLER)) set(AUCTION_SELLER, seller + FIRST_ID);
    long category = FIRST_CATEGORY_ID + below(CATEGORIES);
    if (reads(AUCTION_CATEGORY)) set(AUCTION_CATEGORY, category);
    setPoolText(AUCTION_ITEM, itemLength);
    setPoolText(AUCTION_DESCRIPTION, descriptionLength);
    setExtra(AUCTION_EXTRA, AUCTION_BYTES, 64 + itemLength + descriptionLength);
  }

  private long somePerson(long last) {
    long active = Math.min(last + 1, ACTIVE_PEOPLE);
    return last + 1 - active + below((int) active + ID_LEAD);
  }

  private static long lastPerson(long number) {
    return number / TOTAL * PEOPLE + Math.min(number % TOTAL, PEOPLE - 1);
  }

  private static long lastAuction(long number) {
    long epoch = number / TOTAL;
    long offset = number % TOTAL;
    if (offset < PEOPLE) return (epoch - 1) * AUCTIONS + AUCTIONS - 1;
    return epoch * AUCTIONS + Math.min(offset - PEOPLE, AUCTIONS - 1);
  }

  private long price() {
    long bits = next();
    int at = (int) (bits >>> 48);
    double low = texts.prices[at];
    double share = (bits & 0xffffffffL) * (1.0 / 4294967296.0);
    return (long) Math.rint(low + (texts.prices[at + 1] - low) * share);
  }

  private void setPoolText(EventField field, int length) {
    int place = (int) next();
    if (reads(field)) set(field, texts.poolText(place, length));
  }

  /** Padding that brings an event to its average size, give or take a fifth. */
  private void setExtra(EventField field, int size, int used) {
    long draw = next() >>> 32;
    int place = (int) next();
    if (!reads(field)) return;
    int wanted = size - used;
    int delta = (int) Math.rint(wanted * 0.2);
    int length = wanted - delta + (delta == 0 ? 0 : (int) ((draw * (delta * 2L)) >>> 32));
    set(field, texts.poolText(place, length));
  }

  private boolean reads(EventField field) {
    return isRead[field.ordinal()];
  }

  private void set(EventField field, Object value) {
    values[field.ordinal()] = value;
  }

  private void setTime(EventField field, long millis) {
    if (reads(field)) set(field, TimestampData.fromEpochMillis(millis));
  }

  private int below(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }

  private long next() {
    state += GOLDEN;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
