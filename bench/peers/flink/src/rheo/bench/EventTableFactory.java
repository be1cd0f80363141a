package rheo.bench;

import java.util.Set;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;

/** The table of events, with the name and the options that Rheo's has; of the options only those that the comparison sets. */
public final class EventTableFactory implements DynamicTableSourceFactory {
  private static final ConfigOption<Long> EVENTS = ConfigOptions.key("events.num").longType().noDefaultValue();
  private static final ConfigOption<Integer> FIRST_RATE = ConfigOptions.key("first-event.rate").intType().noDefaultValue();
  private static final ConfigOption<Integer> NEXT_RATE = ConfigOptions.key("next-event.rate").intType().noDefaultValue();
  private static final ConfigOption<Long> SEED = ConfigOptions.key("seed").longType().defaultValue(0L);

  @Override
  public String factoryIdentifier() {
    return "nexmark";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(EVENTS, FIRST_RATE, NEXT_RATE);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of(SEED);
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    helper.validate();
    ReadableConfig options = helper.getOptions();
    int rate = options.get(FIRST_RATE);
    if (rate != options.get(NEXT_RATE)) throw new ValidationException("Cannot change the rate of events: wanted is one rate");
    DataType type = context.getPhysicalRowDataType();
    int[][] all = IntStream.range(0, DataType.getFieldCount(type)).mapToObj(i -> new int[] {i}).toArray(int[][]::new);
    return new EventTable(options.get(EVENTS), rate, options.get(SEED), type, all);
  }

  private static final class EventTable implements ScanTableSource, SupportsProjectionPushDown {
    private final long count;
    private final int rate;
    private final long seed;
    private DataType type;
    private int[][] projection;

    EventTable(long count, int rate, long seed, DataType type, int[][] projection) {
      this.count = count;
      this.rate = rate;
      this.seed = seed;
      this.type = type;
      this.projection = projection;
    }

    @Override
    public boolean supportsNestedProjection() {
      return true;
    }

    @Override
    public void applyProjection(int[][] projectedFields, DataType producedType) {
      projection = projectedFields;
      type = producedType;
    }

    @Override
    public ChangelogMode getChangelogMode() {
      return ChangelogMode.insertOnly();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
      TypeInformation<RowData> information = context.createTypeInformation(type);
      return SourceProvider.of(new DataGeneratorSource<>(new EventFunction(seed, rate, projection), count, information));
    }

    @Override
    public DynamicTableSource copy() {
      return new EventTable(count, rate, seed, type, projection);
    }

    @Override
    public String asSummaryString() {
      return "nexmark";
    }
  }

  private static final class EventFunction implements GeneratorFunction<Long, RowData> {
    private static final long serialVersionUID = 1L;
    private final long seed;
    private final int rate;
    private final int[][] projection;
    private transient Events events;

    EventFunction(long seed, int rate, int[][] projection) {
      this.seed = seed;
      this.rate = rate;
      this.projection = projection;
    }

    @Override
    public void open(SourceReaderContext context) {
      events = new Events(seed, rate, projection);
    }

    @Override
    public RowData map(Long number) {
      return events.event(number);
    }
  }
}
