package rheo.bench;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.LookupTableSource;
import org.apache.flink.table.connector.source.lookup.LookupFunctionProvider;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.functions.LookupFunction;

/** The side input of q13, 10,000 keys with a text each, from memory: files cannot be looked up in Flink. */
public final class SideInputTableFactory implements DynamicTableSourceFactory {
  private static final int ROWS = 10_000;

  @Override
  public String factoryIdentifier() {
    return "side-input";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    return new SideInput();
  }

  private static final class SideInput implements LookupTableSource {
    @Override
    public LookupRuntimeProvider getLookupRuntimeProvider(LookupContext context) {
      return LookupFunctionProvider.of(new Lookup());
    }

    @Override
    public DynamicTableSource copy() {
      return new SideInput();
    }

    @Override
    public String asSummaryString() {
      return "side-input";
    }
  }

  public static final class Lookup extends LookupFunction {
    private static final long serialVersionUID = 1L;

    @Override
    public Collection<RowData> lookup(RowData key) {
      long number = key.getLong(0);
      if (number < 0 || number >= ROWS) return List.of();
      return List.of(GenericRowData.of(number, StringData.fromString("value-" + number)));
    }
  }
}
