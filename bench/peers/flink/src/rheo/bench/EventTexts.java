package rheo.bench;

import java.nio.charset.StandardCharsets;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;

/** The twin of {@code src/connectors/nexmark/texts.ts}: a pool of letters and lists of texts, drawn once for a seed. */
final class EventTexts {
  private static final int POOL_BYTES = 1 << 16;
  private static final int LONGEST_TEXT = 4096;
  private static final int CHANNELS = 10_000;
  private static final String[] FIRST_NAMES = "Peter,Paul,Luke,John,Saul,Vicky,Kate,Julie,Sarah,Deiter,Walter".split(",");
  private static final String[] LAST_NAMES = "Shultz,Abrams,Spencer,White,Bartels,Walton,Smith,Jones,Noris".split(",");
  private static final String[] CITIES =
      "Phoenix,Los Angeles,San Francisco,Boise,Portland,Bend,Redmond,Seattle,Kent,Cheyenne".split(",");
  private static final String[] STATES = "AZ,CA,ID,OR,WA,WY".split(",");
  private static final String[] HOT_CHANNELS = {"Google", "Facebook", "Baidu", "Apple"};

  final double[] prices = new double[65_537];
  final StringData[] channels = new StringData[HOT_CHANNELS.length + CHANNELS];
  final StringData[] urls = new StringData[channels.length];
  final StringData[] names = new StringData[FIRST_NAMES.length * LAST_NAMES.length];
  final StringData[] cities = textsOf(CITIES);
  final StringData[] states = textsOf(STATES);

  private final byte[] pool = new byte[POOL_BYTES + LONGEST_TEXT];
  private final RowRandom random;

  EventTexts(long seed) {
    random = new RowRandom(seed, 0);
    random.seek(0);
    for (int i = 0; i < pool.length; i++) pool[i] = (byte) letter(' ');
    for (int i = 0; i < prices.length; i++) prices[i] = StrictMath.pow(10, (i / 65536.0) * 6) * 100;
    for (int i = 0; i < HOT_CHANNELS.length; i++) {
      channels[i] = StringData.fromString(HOT_CHANNELS[i]);
      urls[i] = StringData.fromString(baseUrl());
    }
    for (int i = 0; i < CHANNELS; i++) {
      channels[HOT_CHANNELS.length + i] = StringData.fromString("channel-" + i);
      boolean hasId = random.below(10) > 0;
      String url = baseUrl();
      // A number that reads as the least integer has no absolute value in Java.
      String id = hasId ? "&channel_id=" + Math.abs((long) Integer.reverse(i)) : "";
      urls[HOT_CHANNELS.length + i] = StringData.fromString(url + id);
    }
    int name = 0;
    for (String first : FIRST_NAMES) {
      for (String last : LAST_NAMES) names[name++] = StringData.fromString(first + " " + last);
    }
  }

  /** {@code length} letters of the pool, from {@code place}. The bytes are shared, as they are by the events that they pad. */
  StringData poolText(int place, int length) {
    return BinaryStringData.fromBytes(pool, place & (POOL_BYTES - 1), length);
  }

  static StringData ascii(byte[] bytes, int length) {
    return StringData.fromString(new String(bytes, 0, length, StandardCharsets.US_ASCII));
  }

  private char letter(char special) {
    return random.below(13) == 0 ? special : (char) ('a' + random.below(26));
  }

  private String word(int longest) {
    int length = 3 + random.below(longest - 3);
    StringBuilder word = new StringBuilder(length);
    for (int i = 0; i < length; i++) word.append(letter('_'));
    return word.toString();
  }

  private String baseUrl() {
    String path = word(5) + "/" + word(5) + "/" + word(5);
    return "https://www.nexmark.com/" + path + "/item.htm?query=1";
  }

  private static StringData[] textsOf(String[] texts) {
    StringData[] all = new StringData[texts.length];
    for (int i = 0; i < texts.length; i++) all[i] = StringData.fromString(texts[i]);
    return all;
  }
}
