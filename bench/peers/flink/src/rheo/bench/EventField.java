package rheo.bench;

/** The fields of the three kinds of events, in the order of their columns. */
enum EventField {
  EVENT_TYPE,
  PERSON_ID, PERSON_NAME, PERSON_EMAIL, PERSON_CARD, PERSON_CITY, PERSON_STATE, PERSON_TIME, PERSON_EXTRA,
  AUCTION_ID, AUCTION_ITEM, AUCTION_DESCRIPTION, AUCTION_INITIAL, AUCTION_RESERVE, AUCTION_TIME, AUCTION_EXPIRES, AUCTION_SELLER,
  AUCTION_CATEGORY, AUCTION_EXTRA,
  BID_AUCTION, BID_BIDDER, BID_PRICE, BID_CHANNEL, BID_URL, BID_TIME, BID_EXTRA;

  static final int COUNT = values().length;

  /** The first field of person, auction and bid. */
  static int first(int kind) {
    return (kind == 0 ? PERSON_ID : kind == 1 ? AUCTION_ID : BID_AUCTION).ordinal();
  }

  static int count(int kind) {
    return kind == 0 ? 8 : kind == 1 ? 10 : 7;
  }
}
